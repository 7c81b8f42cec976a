"""Porchlight's own planner."""

from __future__ import annotations

from benchmarks.engines import Routes
from services.dispatch.planner import Problem, Seconds
from services.dispatch.planner import solve as plan


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Run the planner for so many seconds, model building included."""
    found = plan(problem, Seconds(seconds), seed)
    return {route.team: route.visits for route in found.routes}
