"""The CloudEvents 1.0 envelope around every fact: made, encoded, decoded. Anybody may import it.

JSON format, structured mode. Extension attributes: `city`, `revision` (a subject's newer state
has the higher one), `correlationid` (of the request that began it all).
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from marshmallow import ValidationError

from shared.contracts.registry import FACTS, TYPE_OF
from shared.failures import Undecodable, UnknownType
from shared.ids import new_id
from shared.routes import route_of

_TEXTS = ("id", "source", "type", "subject", "time", "city", "correlationid")
_JSON = "application/json"
_ATTRIBUTES = frozenset((*_TEXTS, "specversion", "datacontenttype", "revision", "data"))


@dataclass(frozen=True, slots=True)
class Envelope:
    """One fact on its way. `subject` is the id of what the fact is about; `time` is UTC."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    city: str
    revision: int
    correlation: str
    data: Any


def enclose(
    fact: object, *, city: str, subject: str, revision: int, correlation: str, now: datetime
) -> Envelope:
    """An envelope with a new id around `fact`, whose type and source the tables give."""
    name = TYPE_OF[type(fact)]
    route = route_of(name)
    source = f"/{route.publisher}" if route else "/"
    return Envelope(new_id(), name, source, subject, now, city, revision, correlation, fact)


def encode(envelope: Envelope) -> bytes:
    """The envelope as CloudEvents JSON, UTF-8."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": envelope.id,
            "source": envelope.source,
            "type": envelope.type,
            "subject": envelope.subject,
            "time": envelope.time,
            "datacontenttype": "application/json",
            "city": envelope.city,
            "revision": envelope.revision,
            "correlationid": envelope.correlation,
            "data": envelope.data,
        },
        option=orjson.OPT_UTC_Z,
    )


def decode(raw: bytes) -> Envelope:
    """The envelope in `raw`, its fact loaded and checked.

    Raises `Undecodable` for anything that is not one of our envelopes and `UnknownType` for an
    envelope of a type that this version does not know.
    """
    return open_data(decode_header(raw), raw)


def decode_header(raw: bytes) -> Envelope:
    """The envelope with its data still a plain dictionary; raises `Undecodable`."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Undecodable(raw, f"not JSON: {error}") from error
    if not isinstance(found, dict) or found.get("specversion") != "1.0":
        raise Undecodable(raw, "not a CloudEvents 1.0 envelope")
    if b"\\u0000" in raw and _holds_nul(found):
        raise Undecodable(raw, "a text holds NUL")
    return _header(found, raw)


def _header(found: dict[str, Any], raw: bytes) -> Envelope:
    wrong = [name for name in _TEXTS if not isinstance(found.get(name), str) or not found[name]]
    wrong += [] if _is_revision(found.get("revision")) else ["revision"]
    wrong += [] if found.get("datacontenttype") == _JSON else ["datacontenttype"]
    wrong += [] if "id" in wrong or _is_id(found["id"]) else ["id"]
    wrong += [] if isinstance(found.get("data"), dict) else ["data"]
    wrong += sorted(found.keys() - _ATTRIBUTES)
    if wrong:
        raise Undecodable(raw, "wrong or missing attributes: " + ", ".join(wrong))
    return Envelope(
        found["id"],
        found["type"],
        found["source"],
        found["subject"],
        _moment(found["time"], raw),
        found["city"],
        found["revision"],
        found["correlationid"],
        found["data"],
    )


def _is_revision(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _is_id(text: str) -> bool:
    """Whether it is a UUID in the one spelling that the inbox's database gives back."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_holds_nul, value))


def _moment(text: str, raw: bytes) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            raise Undecodable(raw, "time has no offset")
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Undecodable(raw, f"time is no ISO 8601 moment: {text[:40]!r}") from error


def open_data(header: Envelope, raw: bytes) -> Envelope:
    """The same envelope with its data loaded into the fact's type; raises as `decode`."""
    known = FACTS.get(header.type)
    if known is None:
        raise UnknownType(f"unknown type {header.type[:100]!r}")
    route = route_of(header.type)
    if route and header.source != f"/{route.publisher}":
        raise Undecodable(raw, f"{header.type} is not said by {header.source[:40]!r}")
    try:
        fact = known[1].load(header.data)
    except ValidationError as error:
        raise Undecodable(raw, f"{header.type}: {error.messages}") from error
    return Envelope(
        header.id,
        header.type,
        header.source,
        header.subject,
        header.time,
        header.city,
        header.revision,
        header.correlation,
        fact,
    )
