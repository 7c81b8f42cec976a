"""Serves a stage with the console's real pages, policy and event stream. Tests of pages use it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from werkzeug.serving import WSGIRequestHandler, make_server

from services.dispatch.console.hub import Hub
from services.dispatch.console.views import make_console
from services.dispatch.domain.board import Board, Standing, build_board
from services.dispatch.domain.evening import Evening
from shared.actor import Actor
from shared.grants import Grant
from shared.ground import OSM
from shared.street_store import StreetSource
from shared.web import PorchlightApp, make_house
from tests.dispatch.builders import at, make_city, make_party, make_team
from tests.dispatch.stage import Answer, Stage
from tests.dispatch.stage_city import ZONE


class StageHub(Hub):
    """A hub that hears of the stage's changes."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(lambda: (_ for _ in ()).throw(AssertionError("no database here")))
        self.stage = stage
        self.tell()

    def tell(self) -> None:
        self._tell("portland", self.stage.version, listening=True)


class Boards:
    """The first paint: a board of the same city."""

    def cities(self) -> list[tuple[str, str]]:
        return [("portland", "Portland")]

    def board(self, city: str) -> Board | None:
        if city != "portland":
            return None
        evening = Evening(
            make_city(id=city, name="Portland", zone=ZONE), (make_team(),), (make_party(),)
        )
        return build_board(evening, Standing(1, None, "", 1, at(0), 0, 0))


@dataclass
class Lines:
    """The city's streets, if a test has them."""

    packed: bytes | None = None

    def source(self, city: str) -> StreetSource | None:
        return StreetSource(OSM, 1) if self.packed else None

    def lines(self, city: str) -> bytes | None:
        return self.packed


class Silent(WSGIRequestHandler):
    """Thousands of requests are no news."""

    def log(self, *_: Any) -> None:
        """Nothing."""


def make_stage_app(stage: Stage, hub: StageHub, lines: Lines) -> PorchlightApp:
    app = PorchlightApp("services.dispatch")
    app.register_blueprint(make_house())
    app.register_blueprint(make_console(Boards(), hub, lines))  # type: ignore[arg-type]  # look alike
    app.before_request(_sign_in)
    root = "/api/v1/cities/portland"

    def answered(answer: Answer) -> Response:
        hub.tell()
        made: Response = app.json.response(answer[1])
        made.status_code = answer[0]
        return made

    @app.get(f"{root}/night")
    def night() -> Response:
        since = request.args.get("since", type=int)
        return answered((200, stage.state(since)))

    @app.get(f"{root}/actions")
    def log() -> Response:
        return answered((200, {"actions": stage.log()[request.args.get("after", 0, int) :]}))

    @app.post(f"{root}/actions")
    def act() -> Response:
        return answered(stage.act(request.get_json(), request.headers.get("X-Who", "Kim Lee")))

    @app.post(f"{root}/actions/<id_>/undo")
    def undo(id_: str) -> Response:
        return answered(stage.undo(id_, request.get_json()["id"]))

    @app.post(f"{root}/proposals/<id_>/<verb>")
    def answer(id_: str, verb: str) -> Response:
        return answered(stage.answer(id_, verb))

    @app.post(f"{root}/walk-ups/preview")
    def preview() -> Response:
        return answered((200, stage.preview()))

    return app


def _sign_in() -> None:
    g.actor = Actor("kim", "Kim Lee", grants=frozenset({Grant("*", "dispatcher")}))


@contextmanager
def served(
    stage: Stage, lines: bytes | None = None, port: int = 0
) -> Iterator[tuple[str, StageHub]]:
    """The address of the served stage, and its hub."""
    hub = StageHub(stage)
    app = make_stage_app(stage, hub, Lines(lines))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}", hub
    finally:
        hub.stop()
        server.shutdown()
        thread.join()
        server.server_close()
