"""When to stop: rules that the caller hands to the planner. Time never hides inside the search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol


class StopRule(Protocol):
    """How much of the budget is used up; the search also cools by it."""

    def begin(self) -> StopRule:
        """Return a fresh rule that counts from now on."""

    def share(self, iterations: int) -> float:
        """Return the used share of the budget after so many iterations; 1 or more means stop."""


@dataclass(frozen=True, slots=True)
class Iterations:
    """Stop after so many iterations. The only rule under which a run can be repeated exactly."""

    most: int

    def begin(self) -> Iterations:
        return self

    def share(self, iterations: int) -> float:
        return iterations / self.most if self.most > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Seconds:
    """Stop after so many seconds, model building included.

    Counts wall-clock time, unless another clock (such as time.process_time) is handed in.
    """

    most: float
    clock: Callable[[], float] = time.perf_counter
    began: float | None = None

    def begin(self) -> Seconds:
        return self if self.began is not None else replace(self, began=self.clock())

    def share(self, iterations: int) -> float:
        began = self.clock() if self.began is None else self.began
        return (self.clock() - began) / self.most if self.most > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Stop as soon as the flag (such as threading.Event.is_set) turns true."""

    flag: Callable[[], bool]

    def begin(self) -> Cancelled:
        return self

    def share(self, iterations: int) -> float:
        return 1.0 if self.flag() else 0.0


class AnyOf:
    """Stop when the first of several rules says so."""

    def __init__(self, *rules: StopRule) -> None:
        self._rules = rules

    def begin(self) -> AnyOf:
        return AnyOf(*(rule.begin() for rule in self._rules))

    def share(self, iterations: int) -> float:
        return max((rule.share(iterations) for rule in self._rules), default=1.0)
