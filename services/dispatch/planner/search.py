"""Drives the kernels: first plan, then chunks of iterations until the stop rule says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.dispatch.planner.bound import most_points
from services.dispatch.planner.cooling import Schedule, schedule
from services.dispatch.planner.keep import Keep
from services.dispatch.planner.kernels.anneal import anneal
from services.dispatch.planner.kernels.arrays import BEST, BEST_TRAVEL, HOT, KEPT
from services.dispatch.planner.kernels.first import fill, load
from services.dispatch.planner.model import Compiled
from services.dispatch.planner.result import Plan
from services.dispatch.planner.state import new_state
from services.dispatch.planner.stop import StopRule
from services.dispatch.planner.tuning import CHUNK, tuning_for
from services.dispatch.planner.warm import set_routes


@dataclass(frozen=True, slots=True)
class Progress:
    """What a progress callback hears: iterations, the best plan yet, the budget used (0 to 1).

    `total` and `points` are the best plan's Score.total and Score.points less what broken promises
    cost; no plan has more points than `bound`.
    """

    iterations: int
    total: int
    share: float
    points: float
    bound: float


class Search:
    """One run of the planner on one problem. Not for use by two threads at once."""

    def __init__(self, compiled: Compiled, seed: int) -> None:
        self.compiled = compiled
        self.model = compiled.model
        self.state = new_state(compiled.model, seed)
        self.tuning = tuning_for(compiled.model.teams, compiled.model.nodes)
        self.iterations = 0
        self._schedule = Schedule(1.0, 1.0, 1.0)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to decide: no team, or no visit that any team could make."""
        return self.model.teams == 0 or not (self.model.wanted > 0).any()

    def begin(self, start: Plan | None, keep: Keep) -> None:
        """Make the first full plan, from `start` where given."""
        if self.idle:
            return
        if start is not None:
            set_routes(self.compiled, self.state, start)
        load(self.model, self.state)
        fill(self.model, self.state, np.zeros((self.model.nodes, self.model.teams)))
        self._limit_changes(keep)
        self._mark_touched(keep)
        self._schedule = schedule(self.model, warm=start is not None)

    def improve(
        self, stop: StopRule, progress: Callable[[Progress], None] | None, built: float = 0.0
    ) -> None:
        """Anneal until the stop rule says so, leaving time to write the plan out.

        That takes about half as long as building the model did, which took the share `built`.
        """
        share = stop.share(0)
        enough = 1.0 - built / 2.0
        while share < enough and not self.idle:
            share = self._chunk(stop, share)
            if progress:
                progress(self._so_far(share))

    @cached_property
    def bound(self) -> float:
        """The most points that any plan could have."""
        return most_points(self.compiled)

    def _so_far(self, share: float) -> Progress:
        """The best plan's worth, without what only ranks pins and promises above other visits."""
        total = int(self.state.num[BEST]) - self.compiled.promised_gain
        rows = self.state.best_node.reshape(self.model.teams, self.model.room)
        column = np.arange(self.model.room)
        nodes = rows[(column > 0) & (column < self.state.best_size[:, None] - 1)]
        total -= int(self.compiled.must_gain[nodes].sum())
        points = (
            total + int(self.state.num[BEST_TRAVEL])
        ) / self.compiled.problem.seconds_per_point
        return Progress(self.iterations, total, share, points, self.bound)

    def _chunk(self, stop: StopRule, share: float) -> float:
        heat = self._schedule.at(share)
        anneal(self.model, self.state, self.tuning, CHUNK, heat, heat)
        self.iterations += CHUNK
        return stop.share(self.iterations)

    def _limit_changes(self, keep: Keep) -> None:
        if keep.most_changed is not None:
            promised = int((self.model.promised >= 0).sum())
            floor = min(promised - keep.most_changed, int(self.state.num[KEPT]))
            self.model = self.model._replace(floor=max(0, floor))

    def _mark_touched(self, keep: Keep) -> None:
        nodes = [self.compiled.node_of[v] for v in keep.touched if v in self.compiled.node_of]
        self.state.hot[: len(nodes)] = sorted(nodes)
        self.state.num[HOT] = len(nodes)
