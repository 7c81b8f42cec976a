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
    """A city's evening. The first of `kinds` is the usual visit, where a host asks for none.

    `areas` has the areas' names by their codes, in the order of the city's file.
    """

    id: str
    name: str
    programme: str
    zone: str
    date: str
    evening: Window
    kinds: tuple[VisitorKind, ...]
    areas: Mapping[str, str] = field(default_factory=dict)

    def area_name(self, code: str) -> str:
        """The area's name; its code where the city's file gives none."""
        return self.areas.get(code) or code


@dataclass(frozen=True, slots=True)
class BreakTime:
    """A team's break: so many minutes within a span of time."""

    opens: datetime
    closes: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Team:
    """Who drives: released at `start` when the shift opens, free at its end.

    `end` is where it has to be then (None: anywhere). It takes its `breaks`, stays in `areas` if
    there are any, and makes `most_stops` at most (0: any number).
    """

    id: str
    name: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    members: tuple[str, ...]
    start: Place
    shift: Window
    end: Place | None = None
    breaks: tuple[BreakTime, ...] = ()
    areas: tuple[str, ...] = ()
    most_stops: int = 0
    vehicle: str = ""
    end_name: str = ""


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
    language: str = ""
    materials: tuple[str, ...] = ()


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
class Pause:
    """A break as it is planned."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rests:
    """What of a route is no stop: breaks, and when the team is back where it has to be."""

    pauses: tuple[Pause, ...] = ()
    back_at: datetime | None = None


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
    rests: Mapping[str, Rests] = field(default_factory=dict)

    @property
    def beats(self) -> Mapping[str, tuple[str, ...]]:
        """The areas that teams stay in: as the roster says, unless the policies say otherwise."""
        own = {team.id: team.areas for team in self.teams if team.areas}
        return {**own, **self.policies.beats}

    @property
    def most_stops(self) -> Mapping[str, int]:
        """How many stops teams make at most, likewise."""
        own = {team.id: team.most_stops for team in self.teams if team.most_stops}
        return {**own, **self.policies.most_stops}
