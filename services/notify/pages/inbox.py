"""The inbox: what people wrote to us, with its thread and a way to answer. Only main uses it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.inbox import (
    Written,
    read_closed,
    read_conversation,
    read_open,
    read_possible,
    read_text,
)
from services.notify.adapters.reading import Reading
from services.notify.desk.inbox import MOST_SEGMENTS, Inbox
from services.notify.pages.answers import done, field, live_part, may_act, not_done, page
from shared.actor import current_actor
from shared.failures import Refused
from shared.ids import new_id
from shared.web import problem

CLOSED_SHOWN = timedelta(days=2)


def inbox_pages(inbox: Inbox, reading: Reading) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("inbox", __name__, template_folder="templates")

    @pages.get("/inbox")
    def first() -> AnyResponse:
        """To the city that is asked for, or the first that the actor may see."""
        cities = [c.id for c in reading.cities() if current_actor().reaches(c.id)]
        wanted = request.args.get("city", "")
        city = wanted if wanted in cities else next(iter(cities), "")
        if not city:
            return page("missing.html", 404)
        return redirect(url_for("inbox.listed", city=city))

    @pages.get("/inbox/<city>")
    def listed(city: str) -> Response:
        return page("inbox.html", city=city, **_list(inbox, city))

    @pages.get("/inbox/<city>/feed")
    def feed(city: str) -> Response:
        return live_part("inbox_feed.html", city=city, **_list(inbox, city))

    _add_text(pages, inbox)
    _add_deeds(pages, inbox)
    return pages


def _list(inbox: Inbox, city: str) -> dict[str, Any]:
    since = inbox.clock.now() - CLOSED_SHOWN
    return {
        "texts": read_open(inbox.pool, city),
        "closed": read_closed(inbox.pool, city, since),
        "may_act": may_act(city),
    }


def _add_text(pages: Blueprint, inbox: Inbox) -> None:
    @pages.get("/inbox/<city>/<text_id>")
    def one(city: str, text_id: str) -> Response:
        return show(inbox, city, text_id)

    @pages.get("/inbox/<city>/<text_id>/feed")
    def thread(city: str, text_id: str) -> Response:
        text = read_text(inbox.pool, city, text_id)
        if text is None:
            return problem(404, "Not Found", "There is no such text.")
        return live_part(
            "conversation_feed.html", text=text, items=read_conversation(inbox.pool, text)
        )

    @pages.post("/inbox/<city>/<text_id>/number")
    def number(city: str, text_id: str) -> Response:
        return show(inbox, city, text_id, revealed=inbox.reveal(city, text_id))

    @pages.post("/inbox/<city>/<text_id>/cost")
    def cost(city: str, text_id: str) -> Response:
        body = request.get_json(silent=True)
        words = str(body.get("words", ""))[:4000] if isinstance(body, dict) else ""
        found = inbox.cost(city, text_id, words.replace("\0", ""))
        if found is None:
            return problem(404, "Not Found", "There is no such text.")
        too_long = found.segments > MOST_SEGMENTS
        return jsonify(segments=found.segments, encoding=found.encoding, too_long=too_long)


def show(
    inbox: Inbox,
    city: str,
    text_id: str,
    *,
    revealed: Written | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    """The page of one text."""
    text = revealed or read_text(inbox.pool, city, text_id)
    if text is None:
        return page("missing.html", 404)
    return page(
        "conversation.html",
        422 if faults else 200,
        city=city,
        text=text,
        items=read_conversation(inbox.pool, text),
        possible=[] if text.team_id else read_possible(inbox.pool, text),
        revealed=revealed is not None,
        may_act=may_act(city),
        key=field("key", 36) or new_id(),
        written=field("words"),
        faults=faults or {},
    )


def _add_deeds(pages: Blueprint, inbox: Inbox) -> None:
    @pages.post("/inbox/<city>/<text_id>/answer")
    def answer(city: str, text_id: str) -> AnyResponse:
        close = field("then") == "close"
        try:
            found = inbox.answer(city, text_id, field("key", 36), field("words"), close=close)
        except Refused as refused:
            return show(inbox, city, text_id, faults={"words": str(refused)})
        if not found:
            return page("missing.html", 404)
        if close:
            return done("Answered and closed.", url_for("inbox.listed", city=city))
        return done("The answer is on its way.", url_for("inbox.one", city=city, text_id=text_id))

    @pages.post("/inbox/<city>/<text_id>/close")
    def close(city: str, text_id: str) -> AnyResponse:
        where = url_for("inbox.listed", city=city)
        if inbox.close(city, text_id):
            return done("Closed. You find it below, and can open it again.", where)
        return not_done("Somebody has closed it already.", where)

    @pages.post("/inbox/<city>/<text_id>/open")
    def reopen(city: str, text_id: str) -> AnyResponse:
        where = url_for("inbox.listed", city=city)
        if inbox.reopen(city, text_id):
            return done("It is open again.", where)
        return not_done("It is open already.", where)

    _add_assigning(pages, inbox)


def _add_assigning(pages: Blueprint, inbox: Inbox) -> None:
    @pages.post("/inbox/<city>/<text_id>/party")
    def assign(city: str, text_id: str) -> AnyResponse:
        where = url_for("inbox.one", city=city, text_id=text_id)
        text = read_text(inbox.pool, city, text_id)
        if text is None:
            return page("missing.html", 404)
        code, wanted = field("code", 20).strip(), field("party", 36)
        parties = read_possible(inbox.pool, text, code)
        ids = [p.id for p in parties if p.id == wanted or (code and p.code == code.upper())]
        if ids and inbox.assign(city, text_id, ids[0]):
            return done("Noted whose text it is.", where)
        return not_done("There is no party with that code.", where)
