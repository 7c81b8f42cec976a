"""The call list: hosts whom no channel reached, to be called and ticked off. Only main uses it."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.calling import Call, read_calls
from services.notify.desk.calling import Calling
from services.notify.pages.answers import done, field, may_act, not_done, page


def call_pages(calling: Calling) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("calls", __name__, template_folder="templates")

    @pages.get("/calls/<city>")
    def listed(city: str) -> Response:
        return _list(calling, city)

    @pages.post("/calls/<city>/<call_id>/number")
    def number(city: str, call_id: str) -> Response:
        return _list(calling, city, calling.reveal(city, call_id))

    @pages.post("/calls/<city>/print")
    def sheet(city: str) -> Response:
        return page("calls_sheet.html", city=city, calls=calling.reveal_all(city))

    @pages.post("/calls/<city>/<call_id>/done")
    def close(city: str, call_id: str) -> AnyResponse:
        where = url_for("calls.listed", city=city)
        if calling.done(city, call_id, field("note")):
            return done("Noted as called.", where)
        return not_done("Somebody has noted it already.", where)

    @pages.post("/calls/<city>/<call_id>/open")
    def reopen(city: str, call_id: str) -> AnyResponse:
        where = url_for("calls.listed", city=city)
        if calling.reopen(city, call_id):
            return done("It is on the list again.", where)
        return not_done("It is on the list already.", where)

    return pages


def _list(calling: Calling, city: str, shown: Call | None = None) -> Response:
    return page(
        "calls.html",
        city=city,
        calls=read_calls(calling.pool, city, done=False),
        finished=read_calls(calling.pool, city, done=True),
        shown=shown,
        may_act=may_act(city),
    )
