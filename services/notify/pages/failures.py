"""Messages that failed: why, and trying them again where that is safe. Only main uses it."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.failing import (
    FAMILIES,
    UNSURE,
    read_again,
    read_failures,
    read_family_counts,
)
from services.notify.desk.retrying import UNDO_LASTS, Retrying
from services.notify.pages.answers import chosen, done, live_part, may_act, not_done, page


def failure_pages(retrying: Retrying) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("failures", __name__, template_folder="templates")

    @pages.get("/failures/<city>")
    def listed(city: str) -> Response:
        return page("failures.html", **_list(retrying, city))

    @pages.get("/failures/<city>/feed")
    def feed(city: str) -> Response:
        return live_part("failures_feed.html", **_list(retrying, city))

    _add_second_tries(pages, retrying)
    _add_decisions(pages, retrying)
    return pages


def _add_second_tries(pages: Blueprint, retrying: Retrying) -> None:
    @pages.post("/failures/<city>/again")
    def again(city: str) -> AnyResponse:
        ids = chosen("message")
        where = url_for("failures.listed", city=city)
        if not ids:
            return not_done("Choose at least one message.", where)
        number = retrying.again(city, ids)
        said = f"{number} of {len(ids)} will be tried again in {UNDO_LASTS.seconds} seconds."
        left = "" if number == len(ids) else " The others can no longer be tried safely."
        return (done if number else not_done)(said + left, where)

    @pages.post("/failures/<city>/<message_id>/undo")
    def undo(city: str, message_id: str) -> AnyResponse:
        where = url_for("failures.listed", city=city)
        if retrying.undo(city, message_id):
            return done("Taken back. Nothing was sent.", where)
        return not_done("It is on its way already and cannot be taken back.", where)


def _add_decisions(pages: Blueprint, retrying: Retrying) -> None:
    @pages.post("/failures/<city>/<message_id>/arrived")
    def arrived(city: str, message_id: str) -> AnyResponse:
        where = url_for("failures.listed", city=city)
        if retrying.arrived(city, message_id):
            return done("Noted: it arrived. It will not be sent again.", where)
        return not_done("Somebody has decided it already.", where)

    @pages.post("/failures/<city>/<message_id>/send-again")
    def send_again(city: str, message_id: str) -> AnyResponse:
        where = url_for("failures.listed", city=city)
        if retrying.send_again(city, message_id):
            return done(f"It will be sent again in {UNDO_LASTS.seconds} seconds.", where)
        return not_done("It can no longer be sent again safely.", where)


def _list(retrying: Retrying, city: str) -> dict[str, object]:
    family = request.args.get("family", "")
    family = family if family in FAMILIES else ""
    found = read_failures(retrying.pool, city, family, retrying.clock.now())
    counts = read_family_counts(retrying.pool, city)
    return {
        "city": city,
        "family": family,
        "families": FAMILIES,
        "counts": counts,
        "total": sum(counts.values()),
        "unsure": [f for f in found if f.state == UNSURE],
        "failures": [f for f in found if f.state != UNSURE],
        "again": read_again(retrying.pool, city),
        "may_act": may_act(city),
    }
