"""Read-only endpoints under /api/v1: board, plan, a team's route. Registered by `main`."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, abort, request

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.domain.board import Board


def make_api(boards: BoardReader) -> Blueprint:
    """The blueprint with all endpoints."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")

    @api.get("/cities/<city>/board")
    def board(city: str) -> Response:
        found = _known(boards, city)
        return _answer(found, found)

    @api.get("/cities/<city>/plan")
    def plan(city: str) -> Response:
        found = _known(boards, city)
        return _answer(found, plan_of(found))

    @api.get("/cities/<city>/teams/<team>/route")
    def route(city: str, team: str) -> Response:
        found = _known(boards, city)
        card = next((card for card in found.teams if card.id == team), None)
        if card is None:
            abort(404, description=f"{found.name} has no team {team!r}.")
        return _answer(found, card)

    return api


def plan_of(board: Board) -> Mapping[str, Any]:
    """The plan alone: who is visited in which order, who is not and why."""
    return {
        "city": board.city,
        "version": board.plan_version,
        "made_at": board.plan_made_at,
        "parties": board.parties,
        "visited": board.planned,
        "unvisited": board.unplanned,
        "routes": board.teams,
        "not_visited": board.not_visited,
    }


def _known(boards: BoardReader, city: str) -> Board:
    found = boards.board(city)
    if found is None:
        abort(404, description=f"There is no city {city!r}.")
    return found


def _answer(board: Board, body: object) -> Response:
    """The body with the board's change as its tag, or 304 where the client has it already."""
    answer = Response(orjson.dumps(body, option=orjson.OPT_UTC_Z), mimetype="application/json")
    answer.set_etag(f"{board.city}-{board.change}")
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer
