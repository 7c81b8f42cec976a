"""What everybody may see of a city's evening: the parties that agreed, by block. Main adds it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from flask import Blueprint, Response, make_response, render_template, request

from services.registration.adapters.postgres_public import agreed_parties
from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.public_party import PublicParty, shown_to_all
from services.registration.pages.frame import not_found, words
from services.registration.pages.language import chosen
from services.registration.pages.placing import let_the_map_in, spot_map
from shared.db import Pool

_SECONDS = 300


@dataclass(frozen=True, slots=True)
class _Part:
    """The parties of one part of the city."""

    name: str
    parties: Sequence[PublicParty]


def make_public(desk: Desk, pool: Pool) -> Blueprint:
    """The blueprint of the page and its map's data."""
    pages = Blueprint("public", __name__)

    @pages.get("/<city>/parties")
    def page(city: str) -> Response:
        settings = _open_city(desk, city)
        spoken = chosen(settings.languages)
        found = _parties(pool, settings)
        text = render_template(
            "public.html",
            city=settings,
            parts=_by_area(settings, found),
            total=len(found),
            map=spot_map(settings),
            **words(spoken, settings),
        )
        return _cached(make_response(text))

    @pages.get("/<city>/parties.geojson")
    def places(city: str) -> Response:
        settings = _open_city(desk, city)
        features = [_feature(party, settings) for party in _parties(pool, settings) if party.place]
        body = orjson.dumps({"type": "FeatureCollection", "features": features})
        return _cached(Response(body, mimetype="application/geo+json"))

    pages.after_request(let_the_map_in)
    pages.register_error_handler(NotFound, not_found)
    return pages


def _open_city(desk: Desk, slug: str) -> City:
    """The city, if it has a public page."""
    city = desk.city(slug)
    if not city.public.page:
        raise NotFound("There is no public page.")
    return city


def _parties(pool: Pool, city: City) -> list[PublicParty]:
    with pool.connection() as conn:
        return shown_to_all(city, agreed_parties(conn, city.slug))


def _by_area(city: City, parties: Sequence[PublicParty]) -> list[_Part]:
    names = [(area.code, area.name) for area in city.areas] + [("", "")]
    parts = [_Part(name, [p for p in parties if p.area == code]) for code, name in names]
    return [part for part in parts if part.parties]


def _feature(party: PublicParty, city: City) -> dict[str, object]:
    assert party.place
    hours = [moment.astimezone(city.zone).isoformat() for moment in party.hours]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [party.place.lon, party.place.lat]},
        "properties": {
            "name": party.name,
            "block": party.block,
            "area": party.area,
            "starts_at": hours[0],
            "ends_at": hours[1],
        },
    }


def _cached(answer: Response) -> Response:
    """The answer, for a few minutes the same for everybody who reads its language."""
    answer.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    answer.headers["Vary"] = "Accept-Language, Accept-Encoding"
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)
    return answer.make_conditional(request)  # type: ignore[return-value]  # ours stays ours
