"""What staff change: one party by form or button, its notes, one change undone. Behind the gate."""

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Party
from services.registration.handlers.parties import Asker, amend_party
from services.registration.handlers.staff import STEPS
from services.registration.pages import form
from services.registration.pages.placing import settled
from services.registration.pages.staff_form import staff_form
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_lists import file_page, missing
from services.registration.pages.staff_sentences import for_staff
from services.registration.ports import Means, PartyBook
from services.registration.staff_desk.lists import (
    ChangedMeanwhile,
    Signature,
    StaffDesk,
)
from shared.actor import current_actor

_ROOT = "/staff/<city>/parties"
_ONE = f"{_ROOT}/<uuid:party_id>"
_BUTTONS = ("withdraw", "restore", "closure", "confirmed", "no_visit", "area")


def add_staff_forms(pages: Blueprint, desk: Desk, staff: StaffDesk) -> None:
    """Add the form, for a new party and for a change."""

    @pages.get(f"{_ROOT}/new")
    def intake(city: str) -> Response:
        settings = desk.city(city)
        return staff_form(desk, settings, form.empty(settings, "en"))

    @pages.post(f"{_ROOT}/new")
    def take_in(city: str) -> AnyResponse:
        settings = desk.city(city)
        try:
            asked = settled(form.asked(request.form), settings)
            party = staff.register(asked, settings, signature(), request.form.get("note", ""))
        except Rejected as rejected:
            return staff_form(desk, settings, _sent(rejected), status=422)
        return _to_party(city, party.id)

    @pages.get(f"{_ONE}/change")
    def edit(city: str, party_id: UUID) -> Response:
        settings = desk.city(city)
        party = staff.revealed(settings, str(party_id), "to change it")
        return staff_form(desk, settings, form.shown(party.details, settings), party)

    @pages.post(f"{_ONE}/change")
    def amend(city: str, party_id: UUID) -> AnyResponse:
        settings = desk.city(city)
        try:
            staff.change(settings, str(party_id), _amendment, seen(), signature())
        except Rejected as rejected:
            party = staff.file(settings, str(party_id)).party
            return staff_form(desk, settings, _sent(rejected), party, 422)
        return _to_party(city, str(party_id))


def add_decisions(pages: Blueprint, desk: Desk, staff: StaffDesk) -> None:
    """Add what staff do to one party by a button."""

    @pages.post(f"{_ONE}/<any({', '.join(_BUTTONS)}):step>")
    def decide(city: str, party_id: UUID, step: str) -> AnyResponse:
        settings = desk.city(city)
        given = request.form.get("value", "")
        note = request.form.get("why", "")

        def decision(party: Party, of: City, asker: Asker, means: Means[PartyBook]) -> Party:
            return STEPS[step](party, given, of, asker, means)

        signed = Signature(name(), _origin(), note)
        try:
            staff.change(settings, str(party_id), decision, seen(), signed)
        except Rejected as rejected:
            return _refused(settings, str(party_id), rejected)
        return _to_party(city, str(party_id))

    @pages.post(f"{_ONE}/undo/<int:revision>")
    def undo(city: str, party_id: UUID, revision: int) -> AnyResponse:
        settings = desk.city(city)
        try:
            staff.undo(settings, str(party_id), revision, Signature(name(), _origin()))
        except Rejected as rejected:
            return _refused(settings, str(party_id), rejected)
        return _to_party(city, str(party_id), "history")

    @pages.post(f"{_ONE}/notes")
    def note(city: str, party_id: UUID) -> AnyResponse:
        settings = desk.city(city)
        try:
            staff.note(settings, str(party_id), request.form.get("note", ""), name())
        except Rejected as rejected:
            return _refused(settings, str(party_id), rejected)
        return _to_party(city, str(party_id), "notes")

    def _refused(city: City, party_id: str, rejected: Rejected) -> Response:
        why = rejected.complaints[0].said()
        return file_page(desk, city, staff.file(city, party_id), 422, error=why)


def add_refusals(pages: Blueprint, desk: Desk, staff: StaffDesk) -> None:
    """Add how refusals are answered."""

    def changed_meanwhile(error: ChangedMeanwhile) -> Response:
        city = desk.city(error.party.city)
        file = staff.file(city, error.party.id)
        return file_page(desk, city, file, 409, error=str(error), changed=error.changed)

    pages.register_error_handler(ChangedMeanwhile, changed_meanwhile)
    pages.register_error_handler(NotFound, lambda error: missing(desk, error))
    pages.register_error_handler(Rejected, lambda error: _elsewhere(desk, error))


def signature() -> Signature:
    """Whoever is signed in, with the reason that the form gives."""
    return Signature(name(), _origin(), request.form.get("why", "").strip()[:500])


def name() -> str:
    """The name of whoever is signed in."""
    return current_actor().name


def seen(field: str = "revision") -> int:
    """The revision that the page showed; raises `Rejected`."""
    text = request.form.get(field, "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Rejected(Complaint("form", "Please open the page again."))
    return int(text)


def _amendment(party: Party, city: City, asker: Asker, means: Means[PartyBook]) -> Party:
    return amend_party(party, settled(form.asked(request.form), city), city, asker, means)


def _sent(rejected: Rejected) -> form.Filled:
    given: MultiDict[str, str] = request.form
    filled = form.sent(given, rejected.by_field(for_staff))
    own = {field: given.get(field, "") for field in ("why", "note")}
    return form.Filled(dict(filled.values) | own, filled.wanted, filled.materials, filled.errors)


def _origin() -> str:
    return request.remote_addr or ""


def _to_party(city: str, party_id: str, part: str = "") -> AnyResponse:
    own = url_for("staff_read.party", city=city, party_id=party_id, _anchor=part or None)
    return redirect(own, 303)


def _elsewhere(desk: Desk, error: Rejected) -> Response:
    city = desk.city(str((request.view_args or {})["city"]))
    return staff_page(desk, city, "staff_sorry.html", 422, sentence=error.complaints[0].said())
