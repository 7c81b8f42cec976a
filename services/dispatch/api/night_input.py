"""Reads what clients send about the night, complaining field by field. Only the API uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.dispatch.domain.actions import By, Details, Kind
from services.dispatch.domain.evening import Party, Place, Window
from services.dispatch.handlers.acting import Order, Tap, walk_up
from shared.actor import current_actor
from shared.failures import Refused
from shared.ids import new_id

_TEXT = validate.Length(max=500)


class _Window(Schema):
    opens = fields.AwareDateTime(required=True)
    closes = fields.AwareDateTime(required=True)


class _Details(Schema):
    """What some kinds carry."""

    class Meta:
        unknown = EXCLUDE

    reason = fields.String(validate=_TEXT)
    words = fields.String(validate=_TEXT)
    minutes = fields.Integer(strict=True)
    areas = fields.List(fields.String(validate=validate.Length(max=60)))
    other = fields.String(validate=validate.Length(max=60))
    other_team = fields.String(validate=validate.Length(max=60))
    position = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, 200))
    other_position = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, 200))
    lat = fields.Float(validate=validate.Range(-90, 90))
    lon = fields.Float(validate=validate.Range(-180, 180))
    address = fields.String(validate=_TEXT)
    name = fields.String(validate=validate.Length(max=200))
    host_name = fields.String(validate=validate.Length(max=200))
    notes = fields.String(validate=_TEXT)
    people = fields.Integer(strict=True, validate=validate.Range(0, 100_000))
    children = fields.Integer(strict=True, validate=validate.Range(0, 100_000))
    wanted = fields.List(fields.String(validate=validate.Length(max=40)))
    members = fields.List(fields.String(validate=validate.Length(max=200)))
    kinds = fields.List(fields.String(validate=validate.Length(max=40)))
    teams = fields.List(fields.String(validate=validate.Length(max=60)))
    window = fields.Nested(_Window)


class _Tap(_Details):
    """An action as a telephone sends it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    at = fields.AwareDateTime(allow_none=True)
    party = fields.String(validate=validate.Length(max=36))


class _Order(_Tap):
    """An action as a console or a program sends it."""

    team = fields.String(validate=validate.Length(max=60))
    seen = fields.Integer(strict=True, allow_none=True)


class _Undo(Schema):
    class Meta:
        unknown = EXCLUDE

    id = fields.UUID(required=True)
    seen = fields.Integer(strict=True, allow_none=True)


@dataclass(frozen=True, slots=True)
class Undo:
    """The id of undoing, who undoes and what they saw."""

    id: str
    by: By
    seen: int | None


def read_order(body: object) -> Order:
    """An action from a console; raises `Refused` with a complaint for each field."""
    given = _load(_Order(), body)
    at = given.get("at")
    return Order(
        id=str(given["id"]),
        kind=Kind(given["kind"]),
        team=given.get("team", ""),
        party=given.get("party", ""),
        at=at.astimezone(UTC) if at else None,
        details=read_details(given),
        by=by_actor(),
        seen=given.get("seen"),
    )


def read_undo(body: object) -> Undo:
    """What undoing carries."""
    given = _load(_Undo(), body)
    return Undo(str(given["id"]), by_actor(), given.get("seen"))


def read_tap(body: object) -> Tap:
    """A tap from a telephone; raises `Refused`."""
    given = _load(_Tap(), body)
    at = given.get("at")
    when = at.astimezone(UTC) if at else None
    kind = Kind(given["kind"])
    return Tap(str(given["id"]), kind, when, given.get("party", ""), read_details(given))


def read_walk_up(body: object) -> Party:
    """A party that is not added yet; raises `Refused`."""
    details = read_details(_load(_Details(), body))
    wrong = {}
    if details.place is None:
        wrong["place"] = ["Give the place: lat and lon."]
    if details.window is None:
        wrong["window"] = ["Give opens and closes."]
    if details.place is None or details.window is None:
        raise Refused("Some fields are wrong.", wrong)
    now = datetime.now(UTC)
    return walk_up(new_id(), "", details, details.window, now)


def read_details(given: Mapping[str, Any]) -> Details:
    """What the kind carries, of fields that were checked already."""
    names = set(Details.__dataclass_fields__) - {"place", "window"}
    usual = {name: _frozen(given[name]) for name in names & given.keys()}
    if "lat" in given and "lon" in given:
        usual["place"] = Place(given["lat"], given["lon"])
    if "window" in given:
        usual["window"] = _window(given["window"])
    return Details(**usual)


def by_actor(source: str = "console") -> By:
    """Who sent the present request."""
    actor = current_actor()
    return By(actor.id, actor.name, source)


def _window(given: Mapping[str, datetime]) -> Window:
    opens, closes = (given[end].astimezone(UTC) for end in ("opens", "closes"))
    if closes < opens:
        raise Refused("Some fields are wrong.", {"window": ["It must not end before it begins."]})
    return Window(opens, closes)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _load(schema: Schema, body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Refused("Send a JSON object.", {"body": ["Send a JSON object."]})
    try:
        loaded: dict[str, Any] = schema.load(body, unknown=EXCLUDE)
    except ValidationError as error:
        raise Refused("Some fields are wrong.", _flat(error.messages_dict)) from error
    return loaded


def _flat(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        field: found if isinstance(found, list) else [f"{key}: {why}" for key, why in found.items()]
        for field, found in messages.items()
    }
