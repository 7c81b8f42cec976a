"""The live night under /api/v1: state, actions, undoing, audit log. Registered by `main`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import orjson
from flask import Blueprint, Response, abort, jsonify, request

from services.dispatch.adapters.live_reader import LiveReader
from services.dispatch.api.night_input import by_actor, read_order, read_undo, read_walk_up
from services.dispatch.domain.actions import Entry, Kind
from services.dispatch.handlers.acting import Order, Stale, Taken, Unknown, take, undo
from services.dispatch.handlers.previewing import preview
from services.dispatch.handlers.proposing import Answered, accept, decline, live_of
from services.dispatch.handlers.publishing import Session
from services.dispatch.ports.night import AuditTrail
from services.dispatch.ports.planning import TravelTimes
from shared.web import problem

Begin = Callable[[], AbstractContextManager[Session]]
Hint = Callable[[str], None]


def make_night_api(
    live: LiveReader, begin: Begin, trail: AuditTrail, hint: Hint, travel: TravelTimes
) -> Blueprint:
    """The blueprint with all endpoints; `hint` asks for a city to be planned."""
    api = Blueprint("night_api", __name__, url_prefix="/api/v1/cities/<city>")

    @api.get("/night")
    def night(city: str) -> Response:
        found = live.night(city, _since())
        if found is None:
            abort(404, description=f"There is no city {city!r}.")
        version, body = found
        answer = Response(body, mimetype="application/json")
        answer.set_etag(f"{city}-night-{version}")
        answer.headers["Cache-Control"] = "no-cache"
        answer.make_conditional(request)
        return answer

    @api.post("/actions")
    def act(city: str) -> Response:
        order = read_order(request.get_json(silent=True))
        with begin() as session:
            taken = take(live_of(session), city, order)
        hint(city)
        return jsonify(taken_json(taken))

    @api.post("/actions/<uuid:action>/undo")
    def undo_action(city: str, action: object) -> Response:
        given = read_undo(request.get_json(silent=True))
        order = Order(given.id, Kind.UNDO, by=given.by, seen=given.seen)
        with begin() as session:
            taken = undo(live_of(session), city, order, str(action))
        hint(city)
        return jsonify(taken_json(taken))

    @api.get("/actions")
    def actions(city: str) -> Response:
        after = request.args.get("after", "0")
        found = trail.after(city, int(after) if after.isdecimal() else 0, 500)
        return jsonify({"actions": [entry_json(entry) for entry in found]})

    _add_proposals(api, begin, trail, travel)

    @api.errorhandler(Stale)
    def stale(error: Stale) -> Response:
        return stale_answer(error)

    @api.errorhandler(Unknown)
    def unknown(error: Unknown) -> Response:
        return problem(404, "Not Found", str(error))

    return api


def _add_proposals(api: Blueprint, begin: Begin, trail: AuditTrail, travel: TravelTimes) -> None:
    @api.post("/proposals/<uuid:proposal>/accept")
    def accept_proposal(city: str, proposal: object) -> Response:
        with begin() as session:
            answered = accept(session, city, str(proposal), by_actor())
        return jsonify(answered)

    @api.post("/proposals/<uuid:proposal>/decline")
    def decline_proposal(city: str, proposal: object) -> Response:
        with begin() as session:
            answered: Answered = decline(session, city, str(proposal), by_actor())
        return jsonify(answered)

    @api.post("/walk-ups/preview")
    def preview_walk_up(city: str) -> Response:
        party = read_walk_up(request.get_json(silent=True))
        return jsonify(preview(begin, travel, city, party))

    @api.get("/night/calibration")
    def calibration(city: str) -> Response:
        return jsonify(trail.calibration(city))


def stale_answer(error: Stale) -> Response:
    """What the loser of a conflict is told: what changed meanwhile, and by whom."""
    answer = problem(409, "Conflict", str(error))
    body = orjson.loads(answer.get_data())
    body["changed"] = [entry_json(entry) for entry in error.changed]
    answer.set_data(orjson.dumps(body, option=orjson.OPT_UTC_Z))
    return answer


def taken_json(taken: Taken) -> dict[str, object]:
    """The answer to whoever did something."""
    return {
        "applied": taken.entry.applied,
        "already": taken.already,
        "version": taken.version,
        "refusal": taken.entry.refusal,
        "action": entry_json(taken.entry),
    }


def entry_json(entry: Entry) -> dict[str, object]:
    """One line of the audit log."""
    action = replace(entry.action)
    return {
        "id": action.id,
        "number": action.number,
        "version": entry.version,
        "kind": action.kind,
        "team": action.team,
        "party": action.party,
        "at": action.at,
        "told_at": action.told_at,
        "received_at": action.received_at,
        "clamped": action.clamped,
        "by": action.by,
        "details": action.details,
        "applied": entry.applied,
        "refusal": entry.refusal,
        "changes": entry.changes,
        "undoes": entry.undoes,
        "undone_by": entry.undone_by,
    }


def _since() -> int | None:
    text = request.args.get("since", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
