"""`/api/v1/cities/<city>/voice`: how a city wants to speak. The settings page uses it, too."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from services.notify.adapters.voices import Spoken
from services.notify.domain.voice import Officer, Voice
from services.notify.domain.wording import one_line
from shared.failures import Refused
from shared.web import problem

Find = Callable[[str], Spoken | None]
Keep = Callable[[str, Voice], None]


def _line(most: int = 200) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=f"At most {most} characters."))


def _number(least: int, most: int, allow_none: bool = False) -> fields.Integer:
    words = f"A whole number from {least} to {most}."
    return fields.Integer(
        allow_none=allow_none,
        validate=validate.Range(least, most, error=words),
        error_messages={"invalid": words, "null": words},
    )


def _phone() -> fields.String:
    return fields.String(
        validate=validate.Regexp(
            r"^[0-9 +()./x-]{0,30}\Z", error="A telephone number, such as 626-555-0100."
        )
    )


def _mail() -> fields.String:
    words = "An e-mail address, such as nno@example.org."
    return fields.String(validate=validate.Regexp(r"^([^\s@<>]+@[^\s@<>]+)?\Z", error=words))


class Clock(fields.Time):
    """A time of the day as "21:30"."""

    def __init__(self) -> None:
        words = "A time of the day, such as 21:30."
        super().__init__(error_messages={"invalid": words, "format": words, "null": words})

    def _serialize(self, value: time | None, *_: Any, **__: Any) -> str | None:
        return f"{value:%H:%M}" if value else None


class OfficerSchema(Schema):
    """`Officer` as JSON."""

    class Meta:
        unknown = RAISE

    area = _line(60)
    name = _line(80)
    phone = _phone()
    email = _mail()

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Officer:
        return Officer(**{k: one_line(v) for k, v in {"area": "", "name": "", **data}.items()})


class VoiceSchema(Schema):
    """`Voice` as JSON; what is not given is as delivered."""

    class Meta:
        unknown = RAISE

    smallest_minutes = _number(1, 120)
    settle_seconds = _number(0, 3600, allow_none=True)
    budget = _number(1, 50)
    quiet_from = Clock()
    quiet_until = Clock()
    confirm_days = fields.List(_number(0, 60), validate=validate.Length(max=6))
    confirm_hour = _number(6, 20)
    thanks_hour = _number(6, 20)
    name_teams = fields.Boolean()
    programme = _line(80)
    signature = _line(80)
    contact_name = _line(80)
    contact_phone = _phone()
    contact_email = _mail()
    officers = fields.List(fields.Nested(OfficerSchema), validate=validate.Length(max=200))
    team_routes = fields.Boolean()
    team_route_hours = _number(0, 48)
    team_changes = fields.Boolean()
    team_next = fields.Boolean()
    segment_cost = fields.Float(
        validate=validate.Range(0, 10, error="From 0 to 10."),
        error_messages={"invalid": "A price, such as 0.0083."},
    )
    currency = _line(8)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Voice:
        lines: dict[str, Any] = {
            k: one_line(v) if isinstance(v, str) else v for k, v in data.items()
        }
        for name in ("confirm_days", "officers"):
            if name in lines:
                lines[name] = tuple(lines[name])
        if "confirm_days" in lines:
            lines["confirm_days"] = tuple(sorted(set(lines["confirm_days"]), reverse=True))
        return Voice(**lines)


_SCHEMA = VoiceSchema()


def read_voice(given: Mapping[str, Any]) -> Voice:
    """The voice that was given; raises `Refused` with what is wrong, by field."""
    try:
        found: Voice = _SCHEMA.load(dict(given))
    except ValidationError as error:
        raise Refused("Please check the settings.", flat(error.messages_dict)) from error
    return found


def flat(errors: Mapping[Any, Any], before: str = "") -> dict[str, list[str]]:
    """Errors however deep by one name, such as 'officers.0.phone'."""
    found: dict[str, list[str]] = {}
    for name, why in errors.items():
        if isinstance(why, Mapping):
            found |= flat(why, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = list(why)
    return found


def shown_voice(voice: Voice) -> dict[str, Any]:
    """The voice as JSON shows it."""
    found: dict[str, Any] = _SCHEMA.dump(voice)
    return found


def voice_api(find: Find, keep: Keep) -> Blueprint:
    """The blueprint of the API; `keep` stores and notes who did it."""
    api = Blueprint("voice_api", __name__, url_prefix="/api/v1/cities/<city>")

    @api.get("/voice")
    def show(city: str) -> Response:
        spoken = find(city)
        return jsonify(shown_voice(spoken.voice)) if spoken else _unknown()

    @api.put("/voice")
    def change(city: str) -> Response:
        if find(city) is None:
            return _unknown()
        given = request.get_json(silent=True)
        if not isinstance(given, dict):
            return problem(400, "Bad Request", "Please send the settings as a JSON object.")
        voice = read_voice(given)
        keep(city, voice)
        return jsonify(shown_voice(voice))

    return api


def _unknown() -> Response:
    return problem(404, "Not Found", "There is no such city.")
