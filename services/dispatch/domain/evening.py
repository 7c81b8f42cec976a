"""The evening as dispatch sees it: city, teams, parties, routes. Any dispatch module may use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.dispatch.domain.edits import Edit
from services.dispatch.domain.policy import Policies
from services.dispatch.domain.told import Told


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth, WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, aware UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class VisitorKind:
    """A kind of visitor and how many minutes such a visit takes."""

    code: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class City:
    """A city's evening. The first of `kinds` is the usual visit, where a host asks for none."""

    id: str
    name: str
    programme: str
    zone: str
    date: str
    evening: Window
    kinds: tuple[VisitorKind, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Who drives: released at `start` when the shift opens, free wherever it is at its end."""

    id: str
    name: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    members: tuple[str, ...]
    start: Place
    shift: Window


@dataclass(frozen=True, slots=True)
class Party:
    """A block party as it last was; `place` is None while its location is to be confirmed."""

    id: str
    code: str
    name: str
    address: str
    location_notes: str
    place: Place | None
    area: str
    window: Window
    people: int
    children: int
    wanted: tuple[str, ...]
    no_visit: bool
    host_name: str
    received_at: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a stored route, with all that the team is told about it."""

    party_id: str
    code: str
    name: str
    address: str
    place: Place
    kinds: tuple[str, ...]
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class Evening:
    """Everything that a plan depends on, the plan before included.

    `absent` holds the years since a party's block was last visited, where it ever was.
    """

    city: City
    teams: tuple[Team, ...]
    parties: tuple[Party, ...]
    routes: Mapping[str, tuple[Stop, ...]] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)
    version: int = 0
    policies: Policies = field(default_factory=Policies)
    edits: tuple[Edit, ...] = ()
    absent: Mapping[str, int] = field(default_factory=dict)
