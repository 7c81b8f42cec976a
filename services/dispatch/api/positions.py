"""`/api/v1/cities/{city}/positions/…`: places from vehicle trackers, in their own formats.

OwnTracks posts one message a request and reads a JSON array in return. Traccar's server forwards
`{"position": …, "device": …}`, its client sends `{"location": …, "device_id": …}`; a list of either
is taken too. All are hints: late, doubled and out-of-order ones are taken and change nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.dispatch.adapters.complaints import by_field
from services.dispatch.domain.evening import Place
from services.dispatch.domain.whereabouts import Fix
from services.dispatch.field_desk import FieldDesk
from shared.failures import Refused

MOST_AT_ONCE = 500
"""Most positions in one request."""


class _Loose(Schema):
    class Meta:
        unknown = EXCLUDE


_LAT, _LON = validate.Range(-90, 90), validate.Range(-180, 180)


class _OwnTracks(_Loose):
    lat = fields.Float(required=True, validate=_LAT)
    lon = fields.Float(required=True, validate=_LON)
    tst = fields.Float(required=True, validate=validate.Range(0, 4e9))
    acc = fields.Float(load_default=None, allow_none=True)
    tid = fields.String(load_default="")
    topic = fields.String(load_default="")


class _ForwardedPosition(_Loose):
    latitude = fields.Float(required=True, validate=_LAT)
    longitude = fields.Float(required=True, validate=_LON)
    fix_time = fields.AwareDateTime(required=True, data_key="fixTime", default_timezone=UTC)
    accuracy = fields.Float(load_default=None, allow_none=True)
    valid = fields.Boolean(load_default=True)


class _ForwardedDevice(_Loose):
    unique_id = fields.String(required=True, data_key="uniqueId")


class _Forwarded(_Loose):
    position = fields.Nested(_ForwardedPosition, required=True)
    device = fields.Nested(_ForwardedDevice, required=True)


class _Coords(_Loose):
    latitude = fields.Float(required=True, validate=_LAT)
    longitude = fields.Float(required=True, validate=_LON)
    accuracy = fields.Float(load_default=None, allow_none=True)


class _ClientLocation(_Loose):
    timestamp = fields.AwareDateTime(required=True, default_timezone=UTC)
    coords = fields.Nested(_Coords, required=True)


class _Client(_Loose):
    location = fields.Nested(_ClientLocation, required=True)
    device_id = fields.String(required=True)


@dataclass(frozen=True, slots=True)
class Heard:
    """One place that one device says of itself."""

    device: str
    fix: Fix


def make_position_api(desk: FieldDesk) -> Blueprint:
    """The blueprint."""
    api = Blueprint("positions", __name__, url_prefix="/api/v1/cities/<city>/positions")

    @api.post("/owntracks")
    def owntracks(city: str) -> Response:
        _keep(city, read_owntracks(_body()))
        return Response("[]", mimetype="application/json")

    @api.post("/traccar")
    def traccar(city: str) -> Response:
        kept = _keep(city, read_traccar(_body()))
        return Response(orjson.dumps({"kept": kept}), mimetype="application/json")

    def _keep(city: str, heard: Sequence[Heard]) -> int:
        return sum(desk.hear_tracker(city, one.device, one.fix) for one in heard)

    @api.get("")
    def positions(city: str) -> Response:
        with desk.open(city) as at:
            found = {"now": at.now, "positions": at.positions.all(city)}
        return Response(orjson.dumps(found, option=orjson.OPT_UTC_Z), mimetype="application/json")

    return api


def read_owntracks(body: object) -> list[Heard]:
    """The place in a message; none in messages of other types and in empty ones."""
    if not isinstance(body, dict) or body.get("_type") != "location":
        return []
    found = _loaded(_OwnTracks(), body)
    device = found["topic"] or found["tid"]
    at = datetime.fromtimestamp(found["tst"], UTC)
    return [Heard(device, _fix(found["lat"], found["lon"], at, "owntracks", found["acc"]))]


def read_traccar(body: object) -> list[Heard]:
    """The places in a message of Traccar's server or client, or in a list of such."""
    messages = body if isinstance(body, list) else [body]
    if len(messages) > MOST_AT_ONCE:
        raise Refused(f"Send at most {MOST_AT_ONCE} positions at once.")
    return [one for message in messages for one in _traccar(message)]


def _traccar(message: object) -> Iterator[Heard]:
    if isinstance(message, dict) and "location" in message:
        sent = _loaded(_Client(), message)
        place, at = sent["location"]["coords"], sent["location"]["timestamp"]
        device = sent["device_id"]
    else:
        sent = _loaded(_Forwarded(), message)
        place, at = sent["position"], sent["position"]["fix_time"]
        device = sent["device"]["unique_id"]
        if not place["valid"]:
            return
    where = (place["latitude"], place["longitude"])
    yield Heard(device, _fix(*where, at.astimezone(UTC), "traccar", place["accuracy"]))


def _fix(lat: float, lon: float, at: datetime, source: str, accuracy: float | None) -> Fix:
    return Fix(Place(lat, lon), at, source, accuracy if accuracy and accuracy > 0 else None)


def _body() -> object:
    """The JSON sent, whatever type the tracker says it is; nothing where the body is empty."""
    if not request.data:
        return None
    return request.get_json(force=True)


def _loaded(schema: Schema, body: object) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = schema.load(body)  # type: ignore[arg-type]  # it checks itself
    except ValidationError as error:
        raise Refused("This is not a position in the tracker's format.", by_field(error)) from error
    return found
