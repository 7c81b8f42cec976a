"""The roster under /api/v1: people, vehicles, teams, moves, changes. Registered by `main`."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from services.dispatch.domain.evening import City
from services.dispatch.domain.roster.clock import plain_clock, plain_pause, say_span
from services.dispatch.domain.roster.conflicts import conflicts_of, counted
from services.dispatch.domain.roster.derived import kinds_of, languages_of, shift_of, usual_of
from services.dispatch.domain.roster.masking import CONTACTS, veiled
from services.dispatch.domain.roster.moving import Mover
from services.dispatch.domain.roster.reading import plain_fields
from services.dispatch.domain.roster.values import Change, Crew, Entry, Roster, What
from services.dispatch.roster.opened import Opener, sort_of
from services.dispatch.rostering import (
    SINGULAR,
    Done,
    Overtaken,
    Unknown,
    add_entry,
    change_entry,
    move_entries,
    remove_entry,
    undo_change,
)
from shared.failures import Refused
from shared.web import problem

_ENTRY = "/<what>"


def make_roster_api(opener: Opener) -> Blueprint:
    """The blueprint with all endpoints."""
    api = Blueprint("roster_api", __name__, url_prefix="/api/v1/cities/<city>/roster")
    api.register_error_handler(Unknown, lambda error: problem(404, "Not Found", str(error)))
    api.register_error_handler(Overtaken, answer_overtaken)

    @api.get("")
    def whole(city: str) -> Response:
        seen = opener.see(city)
        return _answer(roster_json(seen.city, seen.roster, seen.evening.parties), seen.roster)

    @api.get(_ENTRY)
    def entries(city: str, what: str) -> Response:
        seen, sort = opener.see(city), sort_of(what)
        found = seen.roster.of(sort).values()
        body: dict[str, Any] = {
            what: [entry_json(entry, seen.roster, seen.city) for entry in found]
        }
        return _answer({"version": seen.roster.version, **body}, seen.roster)

    @api.get(f"{_ENTRY}/<id_>")
    def entry(city: str, what: str, id_: str) -> Response:
        seen = opener.see(city)
        sort = sort_of(what)
        found = seen.roster.of(sort).get(id_)
        if found is None:
            raise Unknown(f"There is no such {SINGULAR[sort]}.")
        return jsonify(entry_json(found, seen.roster, seen.city))

    @api.post("/people/<id_>/contacts")
    def reveal(city: str, id_: str) -> Response:
        found = opener.reveal(city, id_)
        answer = jsonify({name: getattr(found, name) for name in CONTACTS})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @api.post(_ENTRY)
    def add(city: str, what: str) -> tuple[Response, int]:
        with opener.desk() as (desk, _):
            done = add_entry(desk, city, sort_of(what), _body())
        return _done(opener, city, done), 201

    @api.patch(f"{_ENTRY}/<id_>")
    def change(city: str, what: str, id_: str) -> Response:
        given = dict(_body())
        seen = _seen(given.pop("seen", None))
        with opener.desk() as (desk, _):
            done = change_entry(desk, city, sort_of(what), id_, given, seen)
        return _done(opener, city, done)

    @api.delete(f"{_ENTRY}/<id_>")
    def remove(city: str, what: str, id_: str) -> Response:
        with opener.desk() as (desk, _):
            done = remove_entry(desk, city, sort_of(what), id_, _seen(request.args.get("seen")))
        return _done(opener, city, done)

    _add_moves(api, opener)
    return api


def _add_moves(api: Blueprint, opener: Opener) -> None:
    @api.post("/moves")
    def move(city: str) -> Response:
        given = _body()
        with opener.desk() as (desk, _):
            done = move_entries(desk, city, _movers(given), _text(given, "to"))
        return _done(opener, city, done)

    @api.get("/changes")
    def changes(city: str) -> Response:
        after = request.args.get("after", "0")
        with opener.desk() as (desk, _):
            found = desk.rosters.changes(city, after=_seen(after), most=200)
        return jsonify(changes=[change_json(change) for change in found])

    @api.post("/changes/<int:version>/undo")
    def undo(city: str, version: int) -> Response:
        with opener.desk() as (desk, _):
            done = undo_change(desk, city, version)
        return _done(opener, city, done)


def answer_overtaken(error: Overtaken) -> Response:
    """409 with what changed, by whom and when."""
    answer = problem(409, "Conflict", str(error))
    answer.set_data(orjson.dumps({**orjson.loads(answer.get_data()), "changed": error.changed}))
    return answer


def roster_json(city: City, roster: Roster, parties: Any = ()) -> dict[str, Any]:
    """All of it."""
    sorts: tuple[What, ...] = ("people", "vehicles", "teams")
    entries: dict[str, Any] = {
        what: [entry_json(entry, roster, city) for entry in roster.of(what).values()]
        for what in sorts
    }
    return {
        "city": city.id,
        "version": roster.version,
        "kept_since": roster.kept_since,
        "counts": counted(roster),
        "conflicts": conflicts_of(roster, city, parties),
        **entries,
    }


def entry_json(entry: Entry, roster: Roster, city: City) -> dict[str, Any]:
    """An entry, contacts masked; of a team also what follows from its members and what is usual."""
    body = plain_fields(veiled(entry))
    if not isinstance(entry, Crew):
        return body
    opens, closes = shift_of(entry, usual_of(roster, city))
    body |= {
        "opens": None if entry.opens is None else plain_clock(entry.opens),
        "closes": None if entry.closes is None else plain_clock(entry.closes),
        "breaks": list(map(plain_pause, entry.breaks)),
        "brings": kinds_of(entry, roster, city),
        "speaks": languages_of(entry, roster),
        "shift": say_span(opens, closes),
    }
    body.pop("position")
    return body


def change_json(change: Change) -> dict[str, Any]:
    """A change with what was before and after it."""
    deltas = [
        {
            "what": delta.what,
            "id": delta.id,
            "before": plain_fields(veiled(delta.before)) if delta.before else None,
            "after": plain_fields(veiled(delta.after)) if delta.after else None,
        }
        for delta in change.deltas
    ]
    return {
        "version": change.version,
        "at": change.at,
        "by": change.actor_name,
        "verb": change.verb,
        "words": change.words,
        "can_be_undone": change.can_be_undone,
        "undoes": change.undoes,
        "undone_by": change.undone_by,
        "changed": deltas,
    }


def _done(opener: Opener, city: str, done: Done) -> Response:
    found = opener.see(city, most=1)
    body: dict[str, Any] = {"version": done.roster.version, "changed": done.change is not None}
    if done.entry:
        body["entry"] = entry_json(done.entry, done.roster, found.city)
    if done.change:
        body["words"] = done.change.words
    return jsonify(body)


def _answer(body: object, roster: Roster) -> Response:
    answer = jsonify(body)
    answer.set_etag(f"{roster.city}-{roster.version}", weak=True)
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def _body() -> Mapping[str, Any]:
    given = request.get_json()
    if not isinstance(given, dict):
        raise BadRequest("The body must be a JSON object.")
    return given


def _seen(value: Any) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    raise Refused("Say which version you saw.", {"seen": ["must be a version"]})


def _movers(given: Mapping[str, Any]) -> list[Mover]:
    items = given.get("move")
    if not isinstance(items, list) or not 0 < len(items) <= 200:
        raise Refused("Say what to move.", {"move": ["must be a list of 1 to 200 items"]})
    return [_mover(item) for item in items]


def _mover(item: Any) -> Mover:
    if isinstance(item, dict) and item.get("what") in ("people", "vehicles"):
        return Mover(item["what"], _text(item, "id"), _text(item, "from"))
    raise Refused("Say what to move.", {"move": ["must have what (people, vehicles), id and from"]})


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise Refused("Some fields need another look.", {name: ["must be a text"]})
    return value
