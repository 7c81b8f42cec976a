"""Values that several facts carry, and the schema base they share. Anybody may import it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)


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


class Truth(fields.Boolean):
    """True or false, and nothing that merely resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Float):
    """A number, and no text that looks like one."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Moment(fields.AwareDateTime):
    """An aware moment in ISO 8601 that exists in UTC, too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        found = super()._deserialize(value, attr, data, **kwargs)
        try:
            return found.astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type="moment") from error


def moment() -> Moment:
    """A required, aware moment in ISO 8601; loaded as UTC."""
    return Moment(required=True, format="iso")


def whole(least: int, most: int | None = None) -> fields.Integer:
    """A required whole number; neither a text nor a fraction."""
    return fields.Integer(required=True, strict=True, validate=validate.Range(least, most))


def truth() -> Truth:
    """A required true or false."""
    return Truth(required=True)


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
    lat = Number(required=True, validate=validate.Range(-90, 90))
    lon = Number(required=True, validate=validate.Range(-180, 180))


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

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if not data["opens"] <= data["closes"]:
            raise ValidationError("must not be later than closes", "opens")


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
    sms_consent = truth()
