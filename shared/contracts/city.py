"""`city.configured`: a city's settings for one evening, whole, as its file gives them."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields

from shared.contracts.values import (
    FactSchema,
    Place,
    PlaceSchema,
    Window,
    WindowSchema,
    moment,
    whole,
    words,
)


@dataclass(frozen=True, slots=True)
class VisitorKind:
    """A kind of visitor that hosts may ask for, and how many minutes such a visit takes."""

    code: str
    name: str
    minutes: int


class VisitorKindSchema(FactSchema):
    """`VisitorKind` as JSON."""

    makes = VisitorKind
    code = words(40)
    name = words()
    minutes = whole(1, 240)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city in which coverage is counted."""

    code: str
    name: str


class AreaSchema(FactSchema):
    """`Area` as JSON."""

    makes = Area
    code = words(60)
    name = words()


@dataclass(frozen=True, slots=True)
class Team:
    """A team as the city's file names it; `shift` in UTC, `start` where it is released."""

    id: str
    name: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    members: tuple[str, ...]
    start: Place
    shift: Window


class TeamSchema(FactSchema):
    """`Team` as JSON."""

    makes = Team
    tuples = ("kinds", "languages", "members")
    id = words(60)
    name = words()
    kinds = fields.List(words(40), required=True)
    languages = fields.List(words(12), required=True)
    members = fields.List(words(), required=True)
    start = fields.Nested(PlaceSchema, required=True)
    shift = fields.Nested(WindowSchema, required=True)


@dataclass(frozen=True, slots=True)
class KickOff:
    """Where the evening starts, and when; teams are released from it at its end."""

    name: str
    place: Place
    window: Window


class KickOffSchema(FactSchema):
    """`KickOff` as JSON."""

    makes = KickOff
    name = words()
    place = fields.Nested(PlaceSchema, required=True)
    window = fields.Nested(WindowSchema, required=True)


@dataclass(frozen=True, slots=True)
class CityConfigured:
    """The city `id` (a slug) is set up as follows; a higher revision replaces all of it."""

    id: str
    name: str
    programme: str
    zone: str
    date: str
    evening: Window
    kick_off: KickOff
    visitor_kinds: tuple[VisitorKind, ...]
    areas: tuple[Area, ...]
    teams: tuple[Team, ...]
    languages: tuple[str, ...]
    signature: str
    settle_seconds: int
    configured_at: datetime


class CityConfiguredSchema(FactSchema):
    """`CityConfigured` as JSON."""

    makes = CityConfigured
    tuples = ("visitor_kinds", "areas", "teams", "languages")
    id = words(60)
    name = words()
    programme = words()
    zone = words(60)
    date = words(10)
    evening = fields.Nested(WindowSchema, required=True)
    kick_off = fields.Nested(KickOffSchema, required=True)
    visitor_kinds = fields.List(fields.Nested(VisitorKindSchema), required=True)
    areas = fields.List(fields.Nested(AreaSchema), required=True)
    teams = fields.List(fields.Nested(TeamSchema), required=True)
    languages = fields.List(words(12), required=True)
    signature = words()
    settle_seconds = whole(0, 3600)
    configured_at = moment()
