"""Our own first plan, without any search after it."""

from __future__ import annotations

from benchmarks.engines import Routes
from services.dispatch.planner import Iterations, Problem
from services.dispatch.planner import solve as plan


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Return the greedy insertion plan; the budget is not used."""
    found = plan(problem, Iterations(0), seed)
    return {route.team: route.visits for route in found.routes}
