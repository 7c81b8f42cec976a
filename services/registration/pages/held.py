"""The staff's page of parties that were held back. Registered by `main`, behind the gate."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from services.registration.desk import Desk, NotFound
from services.registration.domain.suspicion import SIGNS
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_lists import missing
from services.registration.staff_desk.held import HeldDesk
from shared.actor import current_actor

BASE = "/staff/<city>/held"
_DONE = {"in": "is let in, and its host is told.", "out": "is withdrawn."}


def make_held(desk: Desk, held: HeldDesk) -> Blueprint:
    """The blueprint."""
    pages = Blueprint("held", __name__)

    @pages.get(BASE)
    def listed(city: str) -> Response:
        settings = desk.city(city)
        code, what = request.args.get("code", "")[:12], request.args.get("done", "")
        done = f"Party {code} {_DONE[what]}" if what in _DONE else ""
        found = held.waiting(settings.slug)
        return staff_page(desk, settings, "held.html", parties=found, signs=SIGNS, done=done)

    @pages.post(f"{BASE}/<uuid:party_id>/release")
    def release(city: str, party_id: str) -> Response:
        code = held.release(city, str(party_id), current_actor().name).code
        return redirect(url_for("held.listed", city=city, code=code, done="in"), 303)

    @pages.post(f"{BASE}/<uuid:party_id>/withdraw")
    def withdraw(city: str, party_id: str) -> Response:
        code = held.withdraw(city, str(party_id), current_actor().name).code
        return redirect(url_for("held.listed", city=city, code=code, done="out"), 303)

    pages.register_error_handler(NotFound, lambda error: missing(desk, error))
    return pages
