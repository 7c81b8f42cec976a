"""What a re-plan should leave alone: promises that hosts were given, and what changing costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """A host was told that this team comes at about `starts` (seconds), give or take."""

    visit: str
    team: str
    starts: int
    tolerance: int = 900

    def is_on_time(self, starts: int) -> bool:
        """Say whether a start lies in the window that the host was told."""
        return abs(starts - self.starts) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Stability:
    """Points that a promised visit earns for being made, and loses for another team or time."""

    made: float = 4.0
    other_team: float = 1.0
    other_time: float = 1.0


SOFT = Stability()
STRONG = Stability(10.0, 4.0, 3.0)
NONE = Stability(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Keep:
    """Promises, the price of changing them, and at most how many may change.

    A promise counts as changed when its visit is dropped, starts outside its window or goes to
    another team. `most_changed` limits that number; promises that the event itself has made
    impossible do not count against it. `touched` names visits near which the search looks most.
    """

    promises: tuple[Promise, ...] = ()
    stability: Stability = SOFT
    most_changed: int | None = None
    touched: frozenset[str] = frozenset()
