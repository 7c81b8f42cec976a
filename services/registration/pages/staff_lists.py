"""What staff read of a city's parties: the list, a party's file, doubles, bulk results.

The composition root adds it behind the gate; what changes anything is in `staff_changes.py`.
"""

import csv
import io
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.doubles import NEAR_KM, Pair
from services.registration.domain.geography import box_around
from services.registration.domain.history import LABELS
from services.registration.domain.listing import PAGE, read_listing
from services.registration.domain.party import Party
from services.registration.pages.placing import let_the_map_in, spot_map
from services.registration.pages.staff_filters import filters_of
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_map import add_marks
from services.registration.pages.staff_words import (
    ENGLISH,
    KINDS,
    STANDINGS,
    WHYS,
    as_dialled,
    masked_email,
    masked_phone,
    said,
    value,
)
from services.registration.staff_desk.bulk import BulkDesk
from services.registration.staff_desk.doubles import DoublesDesk
from services.registration.staff_desk.lists import File, StaffDesk

_ROOT = "/staff/<city>"
_COLUMNS = (
    ("name", "Party"),
    ("address", "Address"),
    ("starts", "Hours"),
    ("host", "Host"),
    ("area", "Area"),
    ("changed", "Changed"),
)
_NEARBY_METRES = 500
_CELL = "=+-@\t\r"


def make_staff_lists(
    desk: Desk, staff: StaffDesk, bulk: BulkDesk, doubles: DoublesDesk
) -> Blueprint:
    """The blueprint of the pages that only read."""
    pages = Blueprint("staff_read", __name__)

    @pages.get(_ROOT)
    def start(city: str) -> AnyResponse:
        return redirect(url_for("staff_read.parties", city=city))

    @pages.get(f"{_ROOT}/parties/<uuid:party_id>")
    def party(city: str, party_id: UUID) -> Response:
        settings = desk.city(city)
        return file_page(desk, settings, staff.file(settings, str(party_id)))

    @pages.post(f"{_ROOT}/parties/<uuid:party_id>/contact")
    def reveal(city: str, party_id: UUID) -> Response:
        settings = desk.city(city)
        staff.revealed(settings, str(party_id), "the party's page")
        return file_page(desk, settings, staff.file(settings, str(party_id)), shown=True)

    @pages.get(f"{_ROOT}/doubles")
    def twice(city: str) -> Response:
        settings = desk.city(city)
        found, total = doubles.all(settings)
        likely = [pair for pair in found.pairs if pair.weight]
        near = [pair for pair in found.pairs if not pair.weight]
        return staff_page(
            desk,
            settings,
            "staff_doubles.html",
            found=found,
            total=total,
            likely=likely,
            near=near,
            metres=round(NEAR_KM * 1000),
            whys=_whys,
            **spoken(settings),
        )

    _add_list(pages, desk, staff, bulk)
    _add_results(pages, desk, bulk)
    add_marks(pages, desk, staff)
    pages.after_request(let_the_map_in)
    pages.register_error_handler(NotFound, lambda error: missing(desk, error))
    return pages


def _add_list(pages: Blueprint, desk: Desk, staff: StaffDesk, bulk: BulkDesk) -> None:
    @pages.get(f"{_ROOT}/parties")
    def parties(city: str) -> AnyResponse:
        settings = desk.city(city)
        listing = read_listing(request.args)
        found = staff.page(settings, listing)
        last_page = max(1, -(-found.fitting // PAGE))
        if listing.page > last_page:
            last: dict[str, Any] = {**listing.address(page=last_page)}
            return redirect(url_for("staff_read.parties", city=city, **last))
        return staff_page(
            desk,
            settings,
            "staff_list.html",
            listing=listing,
            found=found,
            filters=filters_of(settings, listing, found.beats),
            columns=_COLUMNS,
            orders=(*_COLUMNS, ("received", "Received")),
            last_page=last_page,
            kinds={k: v for k, v in KINDS.items() if k != "undo"},
            newest=bulk.newest(settings),
            kind_names=KINDS,
            map=spot_map(settings),
            standing_words=STANDINGS,
            **spoken(settings),
        )


def _add_results(pages: Blueprint, desk: Desk, bulk: BulkDesk) -> None:
    @pages.get(f"{_ROOT}/bulk/<uuid:bulk_id>")
    def result(city: str, bulk_id: UUID) -> Response:
        settings = desk.city(city)
        done = bulk.result(settings, str(bulk_id))
        words = {"bulk": done, "kind_names": KINDS, "preview": False, **spoken(settings)}
        return staff_page(desk, settings, "staff_bulk.html", **words)

    @pages.get(f"{_ROOT}/bulk/<uuid:bulk_id>.csv")
    def rows(city: str, bulk_id: UUID) -> Response:
        settings = desk.city(city)
        done = bulk.result(settings, str(bulk_id))
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow(("code", "party", "outcome", "why"))
        for row in done.rows:
            lines.writerow([_plain(t) for t in (row.code, row.name, row.outcome, row.words)])
        answer = Response(text.getvalue(), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="bulk-{city}.csv"'
        answer.headers["Cache-Control"] = "no-store"
        return answer


def file_page(
    desk: Desk, city: City, file: File, status: int = 200, shown: bool = False, **words: object
) -> Response:
    """The party's page; its contacts in full only if `shown`."""
    host, place = file.party.details.host, file.party.details.place
    said_of: dict[str, Any] = {
        "file": file,
        "party": file.party,
        "details": file.party.details,
        "shown": shown,
        "phone": as_dialled(host.phone) if shown else masked_phone(host.phone),
        "email": host.email if shown else masked_email(host.email),
        "around": box_around(place, _NEARBY_METRES).written() if place else "",
        "error": "",
        "changed": (),
    }
    return staff_page(desk, city, "staff_party.html", status, **(said_of | words | spoken(city)))


def missing(desk: Desk, error: Exception) -> Response:
    """A page that says so, in the frame if the city is one."""
    city = desk.cities.find(str((request.view_args or {}).get("city", "")))
    if city is None:
        return Response("There is no such city here.", 404, mimetype="text/plain")
    return staff_page(desk, city, "staff_sorry.html", 404, sentence=str(error))


def spoken(city: City) -> dict[str, Any]:
    """How templates say values, changes and moments."""
    return {
        "spoken": ENGLISH,
        "say_change": lambda change: said(change, city),
        "say_value": lambda field, held: value(field, held, city),
        "labels": LABELS,
        "moment": lambda at: ENGLISH.moment(at, city.zone),
        "masked_phone": masked_phone,
        "masked_email": masked_email,
        "is_late": lambda party: _is_late(party, city),
    }


def _is_late(party: Party, city: City) -> bool:
    return city.entry.is_late(party.received_at)


def _whys(pair: Pair) -> str:
    return ", ".join(WHYS[why] for why in pair.whys)


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(tuple(_CELL)) else text
