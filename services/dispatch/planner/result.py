"""The planner's answer: a frozen plan that explains and prints itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit on a route, with times in seconds from the evening's zero."""

    visit: str
    party: str
    place: int
    travel: int
    arrives: int
    starts: int
    leaves: int

    @property
    def wait(self) -> int:
        """Seconds that the team stands at the party before its visit starts."""
        return self.starts - self.arrives


@dataclass(frozen=True, slots=True)
class Pause:
    """A break, taken right after stop number `after` of the route (0: before the first)."""

    after: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Route:
    """One team's evening. `travel` includes the way to the end place; `ends` is reached then."""

    team: str
    stops: tuple[Stop, ...] = ()
    pauses: tuple[Pause, ...] = ()
    travel: int = 0
    ends: int = 0

    @property
    def visits(self) -> tuple[str, ...]:
        """The ids of the visits in driving order."""
        return tuple(stop.visit for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Unserved:
    """A visit that nobody makes, and in a few words why not."""

    visit: str
    party: str
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan is worth; `total` is what the search maximises (1 point = seconds_per_point)."""

    prize: float = 0.0
    first_visits: float = 0.0
    areas: float = 0.0
    outside: float = 0.0
    travel: int = 0
    stability: float = 0.0
    total: int = 0
    lacking: float = 0.0

    @property
    def points(self) -> float:
        """All points before travel and stability are taken off."""
        return self.prize + self.first_visits + self.areas - self.outside - self.lacking


@dataclass(frozen=True)
class Plan:
    """Who visits whom and when; every visit is on exactly one route or among `unserved`.

    No plan has more points than `bound`, which is counted where somebody listens to the progress.
    """

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    score: Score
    seed: int = 0
    iterations: int = 0
    seconds: float = 0.0
    bound: float | None = None

    @cached_property
    def by_team(self) -> Mapping[str, Route]:
        """The routes by team id."""
        return {route.team: route for route in self.routes}

    @cached_property
    def stop_of(self) -> Mapping[str, tuple[str, Stop]]:
        """Team id and stop of each visit that is made."""
        return {stop.visit: (route.team, stop) for route in self.routes for stop in route.stops}

    @property
    def visits_made(self) -> int:
        """How many visits the plan makes."""
        return sum(len(route.stops) for route in self.routes)

    @cached_property
    def parties_visited(self) -> frozenset[str]:
        """The parties with at least one visit in this plan."""
        return frozenset(stop.party for route in self.routes for stop in route.stops)

    def __str__(self) -> str:
        summary = (
            f"{self.visits_made} visits to {len(self.parties_visited)} parties, "
            f"{self.score.points:g} points, {self.score.travel / 60:.0f} min of driving, "
            f"{len(self.unserved)} visits not made"
        )
        lines = [summary]
        lines += [f"{route.team}: {_line(route)}" for route in self.routes]
        lines += [f"not made: {left.visit} ({left.reason})" for left in self.unserved]
        return "\n".join(lines)


def _line(route: Route) -> str:
    stops = " > ".join(f"{clock(stop.starts)} {stop.visit}" for stop in route.stops)
    return f"{stops or 'no stops'} | ends {clock(route.ends)}, {route.travel / 60:.0f} min driving"


def clock(seconds: int) -> str:
    """Return seconds from the evening's zero as hours:minutes, such as 17:05 or -0:10."""
    sign, minutes = ("-" if seconds < 0 else ""), abs(seconds) // 60
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"
