"""The search loop: ruin, recreate, and simulated annealing to decide what stays."""

from __future__ import annotations

import math

from services.dispatch.planner.kernels.arrays import (
    BEST,
    BEST_TRAVEL,
    BROKEN,
    KEPT,
    POINTS,
    TOUCHED,
    TRAVEL,
    Model,
    State,
    Tuning,
)
from services.dispatch.planner.kernels.compiled import draw, helper, kernel
from services.dispatch.planner.kernels.recreate import recreate
from services.dispatch.planner.kernels.route import begin, undo
from services.dispatch.planner.kernels.ruin import choose_seed, neighbours, ruin


@helper
def keep_best(m: Model, s: State) -> None:
    """Copy the current routes as the best: those that changed since the last time."""
    s.num[BEST] = s.num[POINTS] - s.num[TRAVEL]
    s.num[BEST_TRAVEL] = s.num[TRAVEL]
    for t in range(m.teams):
        if not s.dirty[t]:
            continue
        s.dirty[t] = 0
        s.best_size[t] = s.size[t]
        for k in range(t * m.room, t * m.room + s.size[t]):
            s.best_node[k] = s.node[k]
    if m.pairs:
        for v in range(m.nodes):
            s.best_opens[v] = s.opens[v]
            s.best_latest[v] = s.latest[v]


@kernel
def anneal(m: Model, s: State, tuning: Tuning, iterations: int, hot: float, cool: float) -> None:
    """Run a chunk of iterations while the temperature falls geometrically from hot to cool."""
    width = s.near.size // m.places
    fall = (cool / hot) ** (1.0 / iterations)
    heat = hot
    for _ in range(iterations):
        before_points, before_travel = s.num[POINTS], s.num[TRAVEL]
        before = before_points - before_travel
        begin(s)
        seed = choose_seed(m, s, tuning)
        near = neighbours(m, s, seed, width)
        ruin(m, s, tuning, seed, near, width)
        recreate(m, s, tuning, seed, near, width)
        now = s.num[POINTS] - s.num[TRAVEL]
        worse = now < before and now <= before + heat * math.log(draw(s.rng))
        if worse or s.num[KEPT] < m.floor or s.num[BROKEN] > 0:
            undo(m, s)
            s.num[POINTS], s.num[TRAVEL] = before_points, before_travel
        else:
            for i in range(s.num[TOUCHED]):
                s.dirty[s.touched[i]] = 1
            if now > s.num[BEST]:
                keep_best(m, s)
        heat *= fall
