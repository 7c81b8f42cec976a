"""Reads what phones send. Only the team page uses it.

A tap that makes no sense is refused by itself: it must not keep the taps behind it waiting.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from services.dispatch.adapters.complaints import by_field
from services.dispatch.domain.evening import Place
from services.dispatch.domain.taps import Outcome, PhoneTime, Tap
from services.dispatch.domain.whereabouts import Fix
from shared.failures import Refused

MOST_TAPS = 200
_DAY_MS = 86_400_000
_ID = validate.Length(max=100)


class _Loose(Schema):
    class Meta:
        unknown = EXCLUDE


class _TapSchema(_Loose):
    id = fields.UUID(required=True)
    shift = fields.String(load_default="", validate=validate.Length(max=300))
    kind = fields.String(required=True, validate=validate.Length(max=30))
    at = fields.AwareDateTime(required=True, default_timezone=None)
    age_ms = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0, _DAY_MS))
    party = fields.String(load_default="", validate=_ID)
    reason = fields.String(load_default="", validate=_ID)
    words = fields.String(load_default="", validate=validate.Length(max=4000))
    people = fields.Integer(load_default=None, allow_none=True, strict=True)
    of = fields.String(load_default="", validate=_ID)


class _SentSchema(_Loose):
    sent_at = fields.AwareDateTime(required=True, default_timezone=None)
    taps = fields.List(fields.Raw(), required=True, validate=validate.Length(min=1, max=MOST_TAPS))


class _FixSchema(_Loose):
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    accuracy = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0))
    at = fields.AwareDateTime(required=True, default_timezone=None)
    sent_at = fields.AwareDateTime(required=True, default_timezone=None)

    @post_load
    def in_utc(self, found: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**found, "at": found["at"].astimezone(UTC)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Taps of one sending: those that can be read, and outcomes for those that cannot."""

    taps: Sequence[Tap]
    unread: Sequence[Outcome]


def read_batch(body: object, shift: str, received_at: datetime) -> Batch:
    """The taps with their true times; raises `Refused` where the whole is no such thing."""
    sent = _loaded(_SentSchema(), body)
    taps, unread = [], []
    for raw in sent["taps"]:
        try:
            found: Mapping[str, Any] = _TapSchema().load(raw)
        except ValidationError:
            unread.append(Outcome(_id_of(raw), applied=False, fault="not_understood"))
            continue
        if found["shift"] not in ("", shift):
            unread.append(Outcome(str(found["id"]), applied=False, fault="other_shift"))
            continue
        taps.append(_tap(found, sent["sent_at"], received_at))
    return Batch(taps, unread)


def _tap(found: Mapping[str, Any], sent_at: datetime, received_at: datetime) -> Tap:
    age = None if found["age_ms"] is None else timedelta(milliseconds=found["age_ms"])
    at = PhoneTime(found["at"], sent_at, age).mended(received_at)
    texts = (found["party"], found["reason"], found["words"])
    return Tap(str(found["id"]), found["kind"], at, *texts, found["people"], found["of"])


def _id_of(raw: object) -> str:
    return str(raw.get("id", ""))[:100] if isinstance(raw, dict) else ""


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """What comes with a photo."""

    id: str
    party: str
    caption: str
    at: datetime


def read_photo_words(form: Mapping[str, str], received_at: datetime) -> PhotoWords:
    """The fields beside a photo; raises `Refused`."""
    try:
        times = PhoneTime(_moment(form["at"]), _moment(form["sent_at"]))
        return PhotoWords(
            str(uuid.UUID(form["id"])),
            form.get("party", "")[:100],
            form.get("caption", ""),
            times.mended(received_at),
        )
    except (KeyError, ValueError) as error:
        raise Refused("The photo came without its number or time.") from error


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return found.astimezone(UTC)


def read_fix(body: object, received_at: datetime) -> Fix:
    """Where a phone says that it is; raises `Refused`."""
    found = _loaded(_FixSchema(), body)
    at = PhoneTime(found["at"], found["sent_at"]).mended(received_at)
    return Fix(Place(found["lat"], found["lon"]), at, "phone", found["accuracy"])


def _loaded(schema: Schema, body: object) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = schema.load(body)  # type: ignore[arg-type]  # it checks itself
    except ValidationError as error:
        raise Refused("This was not understood.", by_field(error)) from error
    return found
