"""The planner's one entrance: a pure function of the problem, the budget and the seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from services.dispatch.planner.eligible import eligible_teams
from services.dispatch.planner.insertion import greedy_routes
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.result import Plan, Route, Unserved
from services.dispatch.planner.schedule import windows
from services.dispatch.planner.stop import StopRule
from services.dispatch.planner.valuation import value


@dataclass(frozen=True, slots=True)
class Progress:
    """What a progress callback hears: iterations and seconds so far, the best score yet."""

    iterations: int
    seconds: float
    total: int
    share: float


def solve(
    problem: Problem,
    stop: StopRule,
    seed: int = 0,
    start: Plan | None = None,
    keep: object | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return the best plan found before `stop` says so; the same seed gives the same plan."""
    began = time.perf_counter()
    stop.begin()
    found = greedy_routes(problem)
    spans = windows(problem)
    routes = tuple(found.get(team.id) or _idle(problem, team.id) for team in problem.teams)
    allowed = eligible_teams(problem)
    made = {stop.visit for route in routes for stop in route.stops}
    unserved = tuple(
        Unserved(v.id, problem.party_of[v.id].id, _why(problem, v.id, allowed[v.id], spans))
        for v in problem.visits
        if v.id not in made
    )
    seconds = time.perf_counter() - began
    return Plan(routes, unserved, value(problem, routes), seed, 0, seconds)


def warm_up() -> None:
    """Compile everything that a first call would otherwise have to compile."""


def _idle(problem: Problem, team: str) -> Route:
    return Route(team, ends=problem.team_by_id[team].starts)


def _why(
    problem: Problem, visit: str, allowed: frozenset[str], spans: object
) -> str:
    if not problem.teams:
        return "no team is on duty"
    return "no room in any route" if allowed else "no team on duty may make it"
