"""The console's pages and its event stream. Registered by `main`."""

import mimetypes
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.console.hub import Hub
from services.dispatch.domain.board import Board
from shared.actor import current_actor
from shared.ground import Beneath, Ground
from shared.street_store import StreetStore

HEARTBEAT_SECONDS = 10.0
RETRY_MS = 1000


def make_console(
    boards: BoardReader, hub: Hub, streets: StreetStore, ground: Ground | None = None
) -> Blueprint:
    """The blueprint with all pages."""
    pages = Blueprint(
        "console",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/console-static",
    )
    _add_pages(pages, boards, streets, ground or Ground())
    _add_feeds(pages, hub, streets)
    # Some systems do not know modules by this ending, and browsers refuse them then.
    mimetypes.add_type("text/javascript", ".mjs")
    return pages


def _add_pages(pages: Blueprint, boards: BoardReader, streets: StreetStore, ground: Ground) -> None:
    """What people look at."""

    @pages.get("/")
    def cities() -> AnyResponse | str:
        found = [city for city in boards.cities() if current_actor().reaches(city[0])]
        if len(found) == 1:
            return redirect(url_for("console.board", city=found[0][0]))
        return render_template("cities.html", cities=found)

    @pages.get("/<city>")
    def board(city: str) -> str | tuple[str, int]:
        return _page("board.html", boards.board(city), city)

    @pages.get("/<city>/wall")
    def wall(city: str) -> str | tuple[str, int]:
        return _page("wall.html", boards.board(city), city)

    @pages.after_request
    def let_the_map_in(answer: Response) -> Response:
        if ground.policy:
            answer.headers["Content-Security-Policy"] = ground.policy
        return answer

    def _page(name: str, found: Board | None, city: str) -> str | tuple[str, int]:
        if found is None:
            return render_template("missing.html", city=city), 404
        who = current_actor()
        acts = who.has(city, "dispatcher")
        links = acts or who.has(city, "planner")
        shown = {"board": found, "age": _age(found), "map": _beneath(city), "links": links}
        return render_template(name, **shown, who=who, acts=acts)

    def _beneath(city: str) -> Beneath:
        known = streets.source(city)
        address = url_for("console.lines", city=city, made=known.made) if known else ""
        return ground.beneath(address, known.attribution if known else "")


def _add_feeds(pages: Blueprint, hub: Hub, streets: StreetStore) -> None:
    """What scripts read."""

    @pages.get("/<city>/events")
    def events(city: str) -> Response:
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        stream = follow(hub, city, _seen())
        return Response(stream, mimetype="text/event-stream", headers=headers)

    @pages.get("/<city>/streets.geojson")
    def lines(city: str) -> Response:
        found = streets.lines(city)
        if found is None:
            abort(404, description=f"No streets have been loaded for {city!r}.")
        headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=86400"}
        return Response(found, mimetype="application/geo+json", headers=headers)


def follow(hub: Hub, city: str, seen: int) -> Iterator[str]:
    """The city's changes after `seen` as server-sent events, with a sign of life in between."""
    listening = hub.listening
    yield f"retry: {RETRY_MS}\n\n" + _alive(listening)
    while not hub.stopped:
        change = hub.change(city)
        if change > seen:
            seen = change
            yield f"id: {change}\nevent: change\ndata: {change}\n\n"
            continue
        was, listening = listening, hub.listening
        if was != listening:
            yield _alive(listening)
        hub.wait(city, seen, listening, HEARTBEAT_SECONDS)
        if hub.change(city) == seen and hub.listening == listening:
            yield ": heartbeat\n" + _alive(listening)


def _alive(listening: bool) -> str:
    """A sign of life that scripts can see; `listening` is false while the database is away."""
    data = orjson.dumps({"listening": listening, "now": datetime.now(UTC)}).decode()
    return f"event: alive\ndata: {data}\n\n"


def _seen() -> int:
    """The change that the client shows already."""
    text = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def _age(board: Board) -> str:
    if board.plan_made_at is None:
        return ""
    seconds = max(0, int((datetime.now(UTC) - board.plan_made_at).total_seconds()))
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name} ago"
    return f"{seconds} s ago"
