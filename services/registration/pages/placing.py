"""The spot of a party on the form: proposals, the pin, the map beneath. Pages use it."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, current_app, g, jsonify, request, url_for

from services.registration.desk import Desk
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.geography import Point
from services.registration.domain.party import PlacedBy, Registration
from services.registration.domain.places import Proposal
from services.registration.place_desk import PlaceDesk
from shared.ground import Beneath

_NONE = "none"
_FOLLOWS = ("geocoder", "import")
"""Who may have placed a party that an address typed anew moves; a pin of somebody's own stays."""


@dataclass(frozen=True, slots=True)
class SpotMap:
    """What the form's map is told."""

    beneath: Beneath
    centre: Point
    proposals_url: str


def add_places(pages: Blueprint, desk: Desk) -> None:
    """Add what the form's script reads to the pages' blueprint."""

    @pages.get("/<city>/places")
    def proposals(city: str) -> Response:
        settings = desk.city(city)
        asker = request.remote_addr or ""
        found = place_desk().propose_to(asker, request.args.get("q", "")[:300], settings)
        answer = jsonify({"proposals": [_as_json(one) for one in found.proposals]})
        answer.headers["Cache-Control"] = "no-store"
        if found.limited:
            answer.status_code = 429
            answer.headers["Retry-After"] = "30"
        return answer

    @pages.get("/<city>/streets.geojson")
    def lines(city: str) -> Response:
        found = place_desk().streets.lines(desk.city(city).slug)
        if found is None:
            abort(404)
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=86400"}
        return Response(found, mimetype="application/geo+json", headers=headers)

    pages.after_request(let_the_map_in)


def let_the_map_in(answer: Response) -> Response:
    """The answer with the policy that the map's tiles need, where they come from elsewhere."""
    policy = place_desk().ground.policy
    if policy and answer.mimetype == "text/html":
        answer.headers["Content-Security-Policy"] = policy
    return answer


def place_desk() -> PlaceDesk:
    """The desk of this process."""
    desk: PlaceDesk = current_app.extensions["places"]
    return desk


def spot_map(city: City) -> SpotMap:
    """What the form's map of the city is told."""
    lines = url_for("pages.lines", city=city.slug)
    return SpotMap(
        place_desk().beneath(city, lines),
        city.kick_off.place,
        url_for("pages.proposals", city=city.slug),
    )


def settled(asked: Registration, city: City) -> Registration:
    """The registration with its spot: the pin that was dropped, else what was found or chosen.

    Where no proposal is good enough to be taken unasked, raises `Rejected` once, with the
    proposals for the page to ask about.
    """
    form = request.form
    stands = form.get("placed_for", asked.address).strip() == asked.address.strip()
    if asked.lat is not None and (stands or form.get("placed_by") not in _FOLLOWS):
        return asked
    asked = replace(asked, lat=None, lon=None, placed_by="")
    chosen = form.get("spot", "")
    if chosen and stands:
        return asked if chosen == _NONE else _at(asked, _point(chosen))
    proposals = place_desk().propose_own(asked.address, city)
    if proposals and proposals[0].is_good:
        return _at(asked, proposals[0].point)
    if not proposals:
        return asked
    g.spots = proposals
    g.spots_for = asked.address
    raise Rejected(Complaint("spot", "Please choose the spot, or tell us that none of these fits."))


def asked_spots() -> list[Proposal]:
    """The proposals that the page has to ask about."""
    found: list[Proposal] = g.get("spots", [])
    return found


def _at(asked: Registration, point: Point | None) -> Registration:
    by: PlacedBy = "geocoder" if point else ""
    lat, lon = (point.lat, point.lon) if point else (None, None)
    return replace(asked, lat=lat, lon=lon, placed_by=by)


def _point(text: str) -> Point | None:
    try:
        lat, lon = (float(part) for part in text.split(" "))
    except ValueError:
        return None
    return Point(lat, lon)


def _as_json(one: Proposal) -> dict[str, object]:
    return {
        "label": one.label,
        "kind": one.kind,
        "lat": round(one.point.lat, 6),
        "lon": round(one.point.lon, 6),
        "quality": one.quality,
        "good": one.is_good,
    }
