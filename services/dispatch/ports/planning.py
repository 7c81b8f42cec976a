"""Ports of planning: what is out of date, plans, planners, ways. Adapters implement them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.dispatch.domain.evening import Evening, Place
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.policy import Policies
from services.dispatch.domain.problem import Draft, Hours, Matrix, Problem, TimedStop
from services.dispatch.domain.revision import Revision


@dataclass(frozen=True, slots=True)
class Dirt:
    """A city's plan has been out of date `since` then; every further change raises `generation`."""

    since: datetime
    generation: int


class DirtyCities(Protocol):
    """Which cities' plans are out of date."""

    def mark(self, city: str, now: datetime) -> None:
        """The city's plan is out of date from `now` on, unless it was already."""
        ...

    def read(self, city: str) -> Dirt | None:
        """The city's mark, if it has one."""
        ...

    def clear(self, city: str, generation: int) -> bool:
        """Take the mark away if nothing came since `generation`; whether it is gone."""
        ...

    def waiting(self) -> Sequence[str]:
        """Known cities whose plan is out of date."""
        ...


class Plans(Protocol):
    """The stored plans."""

    def evening(self, city: str) -> Evening | None:
        """Everything that the city's next plan depends on; None while the city is unknown."""
        ...

    def made_at(self, city: str) -> datetime | None:
        """When the plan that holds was made."""
        ...

    def version(self, city: str) -> int:
        """The number of the plan that holds; 0 while there is none."""
        ...

    def keep(self, city: str, plan: Plan) -> None:
        """Store the plan as the one that holds."""
        ...

    def correlations(self, city: str, parties: Collection[str]) -> Mapping[str, str]:
        """The correlation ids of the requests that the parties' newest states came from."""
        ...


class Boards(Protocol):
    """The counter by which consoles notice that something they show has changed."""

    def changed(self, city: str, now: datetime, trouble: str | None = None) -> None:
        """Count a change; `trouble` sets (or with an empty text clears) the standing warning."""
        ...


class Decisions(Protocol):
    """What the city's planners settled."""

    def next_version(self, city: str) -> int:
        """The number of a new decision."""
        ...

    def settle(self, city: str, version: int, policies: Policies, by: str, at: datetime) -> None:
        """Let policies hold from now on."""
        ...


class Planner(Protocol):
    """Finds a feasible plan near the stored one."""

    def plan(self, problem: Problem) -> Draft:
        """A draft that visits as many parties as it can, loyal to stored routes; soon."""
        ...


class Improver(Protocol):
    """Makes better of a plan that holds already."""

    def improve(self, problem: Problem, superseded: Callable[[], bool]) -> Draft | None:
        """A draft that is clearly better than the stored routes and breaks no promise; or None.

        It ends early when `superseded` says that the problem is out of date.
        """
        ...


class Replanner(Protocol):
    """Re-plans what is left of a running evening."""

    def replan(
        self,
        problem: Problem,
        stored: Mapping[str, tuple[TimedStop, ...]],
        known: Collection[str],
        superseded: Callable[[], bool] | None = None,
    ) -> Revision | None:
        """A draft near the `stored` routes, some of them of teams that are gone; None if none.

        `known` are the parties that the stored plan had looked at. With `superseded` it thinks
        longer, until that says that the problem is out of date.
        """
        ...


@dataclass(frozen=True, slots=True)
class Times:
    """Driving seconds from each place (row) to each place; `note` warns where they are no good.

    `hours` hold the driving seconds of those times of the day that differ.
    """

    seconds: Matrix
    note: str = ""
    hours: tuple[Hours, ...] = ()


class TravelTimes(Protocol):
    """How long driving takes."""

    def times(self, places: Sequence[Place]) -> Times:
        """Seconds between all places; it always answers."""
        ...


class PlanningLock(Protocol):
    """Lets one planner at a time work on a city, in any process."""

    def hold(self, city: str) -> AbstractContextManager[bool]:
        """Whether it was free; if so it is held until the context ends."""
        ...
