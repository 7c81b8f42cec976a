"""The parties without a place, for staff to put on the map. Behind the gate."""

from math import isfinite
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from services.registration.adapters.postgres_unplaced import unplaced
from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.geography import Point
from services.registration.domain.party import Party
from services.registration.handlers.parties import Asker
from services.registration.handlers.places import place_party
from services.registration.pages.placing import let_the_map_in, place_desk, spot_map
from services.registration.pages.staff_frame import staff_page
from services.registration.ports import Means, PartyBook
from services.registration.staff_desk.lists import (
    ChangedMeanwhile,
    Decision,
    Signature,
    StaffDesk,
)
from shared.actor import current_actor

_ROOT = "/staff/<city>/places"
AT_ONCE = 25


def make_staff_places(desk: Desk, staff: StaffDesk) -> Blueprint:
    """The blueprint of the page and of what it does."""
    pages = Blueprint("staff_places", __name__)

    @pages.get(_ROOT)
    def unplaced_parties(city: str) -> Response:
        return _page(desk.city(city))

    @pages.post(f"{_ROOT}/<uuid:party_id>")
    def put(city: str, party_id: UUID) -> Response:
        settings = desk.city(city)
        try:
            point, seen = _point(), _whole("revision")
            party = staff.change(settings, str(party_id), _decision(point), seen, _signature())
        except Rejected as rejected:
            return _page(settings, rejected.complaints[0].said(), 422)
        except ChangedMeanwhile:
            return _page(settings, "That party was changed meanwhile; please look again.", 409)
        except NotFound as missing:
            return _page(settings, str(missing), 404)
        return redirect(url_for("staff_places.unplaced_parties", city=city, placed=party.code), 303)

    pages.after_request(let_the_map_in)

    def _page(city: City, error: str = "", status: int = 200) -> Response:
        parties, count = unplaced(staff.pool, city.slug, AT_ONCE)
        words: dict[str, Any] = {
            "parties": [(p, place_desk().propose(p.details.address, city)) for p in parties],
            "count": count,
            "error": error,
            "placed": request.args.get("placed", "")[:20],
            "map": spot_map(city),
        }
        return staff_page(desk, city, "staff_places.html", status, **words)

    return pages


def _decision(point: Point) -> Decision:
    def decide(party: Party, city: City, asker: Asker, means: Means[PartyBook]) -> Party:
        return place_party(party, point, city, asker, means)

    return decide


def _point() -> Point:
    try:
        lat, lon = float(request.form.get("lat", "")), float(request.form.get("lon", ""))
    except ValueError:
        lat = lon = float("nan")
    if not (isfinite(lat) and isfinite(lon)):
        raise Rejected(Complaint("lat", "Please click the map first, or choose a proposal."))
    return Point(lat, lon)


def _whole(field: str) -> int:
    text = request.form.get(field, "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Rejected(Complaint("form", "Please open the page again."))
    return int(text)


def _signature() -> Signature:
    return Signature(current_actor().name, request.remote_addr or "")
