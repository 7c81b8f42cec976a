"""The planning question and its answer, in whole seconds and rows of a matrix. For planners."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Matrix(Protocol):
    """Driving seconds from row to column; a numpy array is one."""

    def __getitem__(self, key: tuple[int, int], /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """A wanted visit: starts within [opens, latest], takes `service`, by one of `teams`.

    `promised` narrows the start while the visit stays with the team that it was told for.
    """

    party: str
    place: int
    opens: int
    latest: int
    service: int
    teams: frozenset[str]
    promised: tuple[int, int] | None = None

    @property
    def kept_span(self) -> tuple[int, int]:
        """When the visit may start without breaking what was told; may be empty."""
        if self.promised is None:
            return self.opens, self.latest
        return max(self.opens, self.promised[0]), min(self.latest, self.promised[1])


@dataclass(frozen=True, slots=True)
class Crew:
    """A team's evening: leaves `place` at `starts`, is done anywhere by `ends`.

    `before` holds the parties of its stored route, in order.
    """

    team: str
    place: int
    starts: int
    ends: int
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Visits that can be made at all, in the order in which they were asked for, and crews."""

    visits: tuple[Visit, ...]
    crews: tuple[Crew, ...]
    seconds: Matrix


@dataclass(frozen=True, slots=True)
class TimedStop:
    """A visit on a route: starts and leaves, in seconds."""

    party: str
    starts: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A planner's answer: each crew's stops, and the parties for which it found no place."""

    routes: Mapping[str, tuple[TimedStop, ...]]
    left: tuple[str, ...]
