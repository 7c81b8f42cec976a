"""The first full plan: greedy insertion by points for the time that a visit costs."""

from __future__ import annotations

from collections.abc import Mapping

from services.dispatch.planner.eligible import eligible_teams, pinned
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.result import Route
from services.dispatch.planner.rules import LockOrder, Together
from services.dispatch.planner.schedule import time_route, windows


def greedy_routes(problem: Problem) -> Mapping[str, Route]:
    """Return feasible routes by team id, the most wanted visits placed first, each at its best."""
    spans, allowed, first = windows(problem), eligible_teams(problem), pinned(problem)
    routes = {t.id: r for t in problem.teams if (r := time_route(problem, t, (), spans))}
    joined = {rule.second for rule in problem.rules if isinstance(rule, Together)}
    locked = [rule for rule in problem.rules if isinstance(rule, LockOrder)]
    order = sorted(
        (v for v in problem.visits if v.id not in joined),
        key=lambda v: (v.id not in first, -(v.prize + problem.party_of[v.id].bonus)),
    )
    for visit in order:
        best = min(
            (
                (longer.travel - routes[team].travel, team, longer)
                for team in sorted(allowed[visit.id] & routes.keys())
                if (longer := _cheapest(problem, routes[team], visit.id, spans, locked))
            ),
            key=lambda option: option[:2],
            default=None,
        )
        if best:
            routes[best[1]] = best[2]
    return routes


def _cheapest(
    problem: Problem,
    route: Route,
    visit: str,
    spans: Mapping[str, tuple[int, int]],
    locked: list[LockOrder],
) -> Route | None:
    team = problem.team_by_id[route.team]
    if team.most_stops is not None and len(route.stops) >= team.most_stops:
        return None
    options = []
    for place in range(len(route.stops) + 1):
        if place and route.stops[place - 1].leaves > spans[visit][1]:
            break
        visits = (*route.visits[:place], visit, *route.visits[place:])
        if all(_in_order(visits, rule) for rule in locked):
            timed = time_route(problem, team, visits, spans)
            options += [timed] if timed else []
    return min(options, key=lambda timed: timed.travel, default=None)


def _in_order(visits: tuple[str, ...], rule: LockOrder) -> bool:
    locked = [visit for visit in visits if visit in rule.visits]
    return locked == [visit for visit in rule.visits if visit in locked]
