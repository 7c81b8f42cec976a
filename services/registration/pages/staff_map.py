"""The marks of the planner's map: the parties that the list finds, without hosts and contacts.

`staff_lists.py` adds it to the pages that only read.
"""

from typing import Any

import orjson
from flask import Blueprint, Response, request

from services.registration.desk import Desk
from services.registration.domain.city import City
from services.registration.domain.civil_time import Span
from services.registration.domain.listing import read_listing
from services.registration.domain.party import Party
from services.registration.domain.standing import standings
from services.registration.pages.staff_words import ENGLISH
from services.registration.staff_desk.lists import StaffDesk


def add_marks(pages: Blueprint, desk: Desk, staff: StaffDesk) -> None:
    """Add the map's data, with the list's filters in its address."""

    @pages.get("/staff/<city>/parties.geojson")
    def marks(city: str) -> Response:
        settings = desk.city(city)
        found = staff.marks(settings, read_listing(request.args))
        hours = _Hours(settings)
        whole = {
            "type": "FeatureCollection",
            "features": [
                _mark(party, planned, settings, hours) for party, planned in found.parties
            ],
            "placed": found.placed,
            "unplaced": found.unplaced,
        }
        answer = Response(orjson.dumps(whole), mimetype="application/geo+json")
        answer.headers["Cache-Control"] = "no-store"
        return answer


class _Hours(dict[Span, str]):
    """Hours in words: many parties have the same."""

    def __init__(self, city: City) -> None:
        super().__init__()
        self._zone = city.zone

    def __missing__(self, span: Span) -> str:
        self[span] = words = ENGLISH.throughout(span, self._zone)
        return words


def _mark(party: Party, planned: bool, city: City, hours: _Hours) -> dict[str, Any]:
    details = party.details
    assert details.place
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [round(details.place.lon, 6), round(details.place.lat, 6)],
        },
        "properties": {
            "id": party.id,
            "code": party.code,
            "name": details.name,
            "address": details.address,
            "hours": hours[details.span],
            "standings": standings(party, planned, city.entry.is_late(party.received_at)),
        },
    }
