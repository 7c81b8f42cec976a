"""Times and values routes that somebody else made: a planner by hand, or another engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.dispatch.planner.problem import Problem, Team
from services.dispatch.planner.result import Plan, Route, Unserved
from services.dispatch.planner.schedule import run_late, time_route, windows
from services.dispatch.planner.valuation import value


def plan_of(problem: Problem, routes: Mapping[str, Sequence[str]]) -> Plan:
    """Return the plan in which each team makes these visits in this order.

    A route that cannot be on time is given its real, late times: `check` then says what breaks.
    """
    spans = windows(problem)
    timed = tuple(_timed(problem, team, routes.get(team.id, ()), spans) for team in problem.teams)
    made = {stop.visit for route in timed for stop in route.stops}
    left = tuple(
        Unserved(visit.id, party.id, "not in the plan")
        for party in problem.parties
        for visit in party.visits
        if visit.id not in made
    )
    return Plan(timed, left, value(problem, timed))


def _timed(
    problem: Problem, team: Team, visits: Sequence[str], spans: Mapping[str, tuple[int, int]]
) -> Route:
    return time_route(problem, team, visits, spans) or run_late(problem, team, visits, spans)
