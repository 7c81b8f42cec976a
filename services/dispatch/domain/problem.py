"""The planning question and its answer, in whole seconds and rows of a matrix. For planners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Protocol

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
    stays with the team `promised_to`.
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
class Crew:
    """A team's evening: leaves `place` at `starts`, is done anywhere by `ends`.

    `before` holds the ids of the visits of its stored route, in order.
    """

    team: str
    place: int
    starts: int
    ends: int
    before: tuple[str, ...] = ()


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
    """

    visits: tuple[Visit, ...]
    crews: tuple[Crew, ...]
    seconds: Matrix
    burst: bool = False
    bands: tuple[Band, ...] = ()

    def way(self, origin: int, target: int, departs: int) -> int:
        """Seconds of a drive that begins then; leaving earlier never means arriving later."""
        found = int(self.seconds[origin, target])
        for band in self.bands:
            there = int(band.seconds[origin, target])
            wait = band.begins - departs
            found = there if wait <= 0 else min(found, wait + there)
        return found


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
class Draft:
    """A planner's answer: each crew's stops, and the ids of visits that found no place."""

    routes: Mapping[str, tuple[TimedStop, ...]]
    left: tuple[str, ...]

    @property
    def visited(self) -> frozenset[str]:
        """The parties with at least one visit."""
        return frozenset(stop.party for route in self.routes.values() for stop in route)


def visit_id(party: str, kind: str) -> str:
    """The id of a party's visit of a kind."""
    return f"{party}/{kind}" if kind else party
