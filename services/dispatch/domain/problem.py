"""The planning question and its answer, in whole seconds and rows of a matrix. For planners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Protocol

from services.dispatch.domain.policy import Policies

NO_WAY = 10**8
"""Seconds between places that no road connects: far beyond any evening."""


class Matrix(Protocol):
    """Driving seconds from row to column, `NO_WAY` where none leads; a numpy array is one."""

    def __getitem__(self, key: tuple[int, int], /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """A wanted visit: starts within [opens, latest], takes `service`, by one of `teams`.

    A party has a visit for each kind that it asks for (`kind`), else a single one by anybody; a
    team is among the `teams` of one of them at most. `promised` narrows the start while the visit
    stays with the team `promised_to`. A visit that `must` be made ranks above all others. Where
    the host speaks `language`, a team that speaks it is preferred.
    """

    party: str
    place: int
    opens: int
    latest: int
    service: int
    teams: frozenset[str]
    promised: tuple[int, int] | None = None
    kind: str = ""
    promised_to: str = ""
    must: bool = False
    language: str = ""

    @property
    def id(self) -> str:
        """Unlike any other visit's."""
        return visit_id(self.party, self.kind)

    @property
    def kept_span(self) -> tuple[int, int]:
        """When the visit may start without breaking what was told; may be empty."""
        if self.promised is None:
            return self.opens, self.latest
        return max(self.opens, self.promised[0]), min(self.latest, self.promised[1])


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of `seconds` that starts within [opens, latest], wherever the crew is then."""

    opens: int
    latest: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Crew:
    """A team's evening: leaves `place` at `starts`, is done by `ends`, and at `end` if it has one.

    `before` holds the ids of the visits of its stored route, in order. It makes `most_stops` at
    most; `prefers` are the areas outside of which a visit counts less.
    """

    team: str
    place: int
    starts: int
    ends: int
    before: tuple[str, ...] = ()
    most_stops: int | None = None
    prefers: frozenset[str] = frozenset()
    end: int | None = None
    breaks: tuple[Break, ...] = ()
    speaks: frozenset[str] = frozenset()

    def lacks(self, visit: Visit) -> bool:
        """Whether it speaks the language of the visit's host too little."""
        return bool(visit.language) and visit.language not in self.speaks

    @property
    def plain(self) -> bool:
        """Whether it takes no breaks and may end anywhere."""
        return self.end is None and not self.breaks


@dataclass(frozen=True, slots=True)
class Pin:
    """The visit is made by no team but this one."""

    visit: str
    team: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The visit starts within these seconds, if it is made."""

    visit: str
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Ban:
    """The visit is not made by this team."""

    visit: str
    team: str


@dataclass(frozen=True, slots=True)
class Lock:
    """Those of these visits that are made are made by this team, in this order.

    With `only` it makes no others.
    """

    team: str
    visits: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """The team visits no party but those in these areas, and the visits named."""

    team: str
    areas: frozenset[str]
    also: frozenset[str] = frozenset()


Rule = Pin | Slot | Ban | Lock | Beat


@dataclass(frozen=True, slots=True)
class Aims:
    """What visits are worth: the city's policies and what they look at, by party."""

    policies: Policies = field(default_factory=Policies)
    turns: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hours:
    """Driving seconds between two times of the day, by the city's clocks; may pass midnight."""

    opens: time
    closes: time
    seconds: Matrix


@dataclass(frozen=True, slots=True)
class Band:
    """The driving seconds of drives that begin at `begins` or later, until the next band."""

    begins: int
    seconds: Matrix


@dataclass(frozen=True, slots=True)
class Problem:
    """Visits that can be made at all, in the order in which they were asked for, and crews.

    In a `burst` many parties wait for their first plan, so that a better one is worth a wait.
    Where driving differs by the hour, `bands` take the place of `seconds` one after another.
    Whom the `rules` let make a visit at all is in its `teams` and its span already; a checker
    looks at the rules themselves.
    """

    visits: tuple[Visit, ...]
    crews: tuple[Crew, ...]
    seconds: Matrix
    burst: bool = False
    rules: tuple[Rule, ...] = ()
    aims: Aims = field(default_factory=Aims)
    bands: tuple[Band, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether all visits count alike, so that the most of them are the best plan."""
        return not (self.aims.policies.weighs or any(visit.language for visit in self.visits))

    def way(self, origin: int, target: int, departs: int) -> int:
        """Seconds of a drive that begins then; leaving earlier never means arriving later."""
        found = int(self.seconds[origin, target])
        for band in self.bands:
            there = int(band.seconds[origin, target])
            wait = band.begins - departs
            found = there if wait <= 0 else min(found, wait + there)
        return found

    def leave_by(self, origin: int, target: int, arrives: int) -> int:
        """The latest second at which a drive may begin so that it arrives by then."""
        latest = arrives - int(self.seconds[origin, target])
        for band in self.bands:
            latest = min(latest, band.begins - 1)
            in_band = arrives - int(band.seconds[origin, target])
            latest = in_band if in_band >= band.begins else latest
        return latest


@dataclass(frozen=True, slots=True)
class TimedStop:
    """A visit on a route: starts and leaves, in seconds."""

    party: str
    starts: int
    leaves: int
    kind: str = ""

    @property
    def visit(self) -> str:
        """The visit's id."""
        return visit_id(self.party, self.kind)


@dataclass(frozen=True, slots=True)
class TimedPause:
    """A break, taken right after stop number `after` of the route (0: before the first)."""

    after: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A planner's answer: each crew's stops and breaks, and the visits that found no place."""

    routes: Mapping[str, tuple[TimedStop, ...]]
    left: tuple[str, ...]
    pauses: Mapping[str, tuple[TimedPause, ...]] = field(default_factory=dict)

    @property
    def visited(self) -> frozenset[str]:
        """The parties with at least one visit."""
        return frozenset(stop.party for route in self.routes.values() for stop in route)


def goes_on(draft: Draft, team: str, stops: int, free: int) -> int:
    """When a crew that is free after so many stops drives on: after its breaks there."""
    there = (pause.ends for pause in draft.pauses.get(team, ()) if pause.after == stops)
    return max((free, *there))


def visit_id(party: str, kind: str) -> str:
    """The id of a party's visit of a kind."""
    return f"{party}/{kind}" if kind else party
