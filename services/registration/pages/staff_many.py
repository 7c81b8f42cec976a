"""What staff change in several parties at once: bulk changes, merges, pairs told apart."""

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.listing import read_listing
from services.registration.pages.staff_changes import name, seen, signature
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_lists import spoken
from services.registration.pages.staff_words import KINDS
from services.registration.staff_desk.bulk import BulkDesk
from services.registration.staff_desk.doubles import DoublesDesk, choices
from services.registration.staff_desk.lists import StaffDesk

_ROOT = "/staff/<city>"
_VALUES = {"area": "area", "closure": "closure", "note": "note"}


def add_bulk(pages: Blueprint, desk: Desk, staff: StaffDesk, bulk: BulkDesk) -> None:
    """Add the routes of bulk changes."""

    @pages.post(f"{_ROOT}/bulk/preview")
    def preview(city: str) -> Response:
        settings = desk.city(city)
        kind, value = _asked()
        shown = bulk.preview(settings, kind, value, _ids(settings), signature())
        return staff_page(
            desk,
            settings,
            "staff_bulk.html",
            bulk=shown,
            preview=True,
            kind_names=KINDS,
            why=request.form.get("why", ""),
            **spoken(settings),
        )

    @pages.post(f"{_ROOT}/bulk")
    def run(city: str) -> AnyResponse:
        settings = desk.city(city)
        kind, value = _asked()
        bulk_id = bulk.run(settings, kind, value, _all_ids(), signature())
        return redirect(url_for("staff_read.result", city=city, bulk_id=bulk_id), 303)

    @pages.post(f"{_ROOT}/bulk/<uuid:bulk_id>/undo")
    def undo_bulk(city: str, bulk_id: UUID) -> AnyResponse:
        undone = bulk.undo(desk.city(city), str(bulk_id), signature())
        return redirect(url_for("staff_read.result", city=city, bulk_id=undone), 303)

    def _ids(city: City) -> list[str]:
        """The rows chosen, or all that fit the filter."""
        if request.form.get("whole") != "yes":
            return [_uuid(text) for text in request.form.getlist("party")]
        given = {k.removeprefix("list-"): v for k, v in request.form.items() if k[:5] == "list-"}
        return staff.fitting(city, read_listing(given))


def add_merging(pages: Blueprint, desk: Desk, doubles: DoublesDesk) -> None:
    """Add the routes about doubles."""

    @pages.get(f"{_ROOT}/doubles/<uuid:one_id>/<uuid:other_id>")
    def compare(city: str, one_id: UUID, other_id: UUID) -> Response:
        settings = desk.city(city)
        one, other = doubles.two(settings, str(one_id), str(other_id))
        hosts = one.details.host, other.details.host
        same = any(
            getattr(hosts[0], way) and getattr(hosts[0], way) == getattr(hosts[1], way)
            for way in ("phone", "email")
        )
        return staff_page(
            desk,
            settings,
            "staff_merge.html",
            one=one,
            other=other,
            choices=choices(one, other),
            same_contact=same,
            **spoken(settings),
        )

    @pages.post(f"{_ROOT}/doubles/<uuid:one_id>/<uuid:other_id>")
    def merge(city: str, one_id: UUID, other_id: UUID) -> AnyResponse:
        settings = desk.city(city)
        one, other = (str(one_id), seen("one")), (str(other_id), seen("other"))
        chosen = "other" if request.form.get("keep") == "other" else "one"
        kept, merged = (other, one) if chosen == "other" else (one, other)
        taken = [
            field.removeprefix("field-")
            for field, text in request.form.items()
            if field.startswith("field-") and text != chosen
        ]
        leads = request.form.get("link_leads") == "yes"
        doubles.merge(settings, kept, merged, taken, leads, signature())
        return redirect(url_for("staff_read.party", city=city, party_id=kept[0]), 303)

    @pages.post(f"{_ROOT}/doubles/<uuid:one_id>/<uuid:other_id>/apart")
    def apart(city: str, one_id: UUID, other_id: UUID) -> AnyResponse:
        doubles.keep_apart(desk.city(city), str(one_id), str(other_id), name())
        return redirect(url_for("staff_read.twice", city=city), 303)

    @pages.post(f"{_ROOT}/merges/<uuid:merge_id>/undo")
    def part(city: str, merge_id: UUID) -> AnyResponse:
        merge = doubles.part(desk.city(city), str(merge_id), signature())
        return redirect(url_for("staff_read.party", city=city, party_id=merge.kept_id), 303)


def _asked() -> tuple[str, str]:
    """The kind of change and its value."""
    kind = request.form.get("kind", "")
    return kind, request.form.get(_VALUES.get(kind, "value"), "").replace("\0", "")


def _all_ids() -> list[str]:
    return [_uuid(text) for text in request.form.get("ids", "").split()]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise Rejected(Complaint("form", "Please open the page again.")) from error
