"""Values that several facts carry, and the schema base they share. Anybody may import it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields, post_load, validate


class FactSchema(Schema):
    """A schema that refuses unknown fields and loads into its frozen type."""

    makes: ClassVar[type]
    tuples: ClassVar[tuple[str, ...]] = ()

    class Meta:
        unknown = RAISE

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        for name in self.tuples:
            data[name] = tuple(data[name])
        return self.makes(**data)


def moment() -> fields.AwareDateTime:
    """A required, aware moment in ISO 8601."""
    return fields.AwareDateTime(required=True, format="iso")


def words(most: int = 200) -> fields.String:
    """A required text that may be empty."""
    return fields.String(required=True, validate=validate.Length(max=most))


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth, WGS 84 degrees."""

    lat: float
    lon: float


class PlaceSchema(FactSchema):
    """`Place` as JSON."""

    makes = Place
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    lon = fields.Float(required=True, validate=validate.Range(-180, 180))


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, aware UTC, `opens` before `closes`."""

    opens: datetime
    closes: datetime


class WindowSchema(FactSchema):
    """`Window` as JSON."""

    makes = Window
    opens = moment()
    closes = moment()


@dataclass(frozen=True, slots=True)
class Host:
    """Who holds the party and how to reach them; `phone` is E.164; empty text is 'none given'."""

    name: str
    phone: str
    email: str
    language: str
    sms_consent: bool


class HostSchema(FactSchema):
    """`Host` as JSON."""

    makes = Host
    name = words()
    phone = words(20)
    email = words(320)
    language = words(12)
    sms_consent = fields.Boolean(required=True)
