"""Our planner with its budget in seconds of processor time: for figures from a busy machine."""

from __future__ import annotations

import time

from benchmarks.engines import Routes
from services.dispatch.planner import Problem, Seconds
from services.dispatch.planner import solve as plan


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Run the planner for so many seconds of its own thread, model building included."""
    found = plan(problem, Seconds(seconds, time.thread_time), seed)
    return {route.team: route.visits for route in found.routes}
