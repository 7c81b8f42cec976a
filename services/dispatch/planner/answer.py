"""Turns the best routes found into a plan with times, a score and a reason for each visit left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from services.dispatch.planner.keep import Keep
from services.dispatch.planner.kernels.arrays import NEVER, State
from services.dispatch.planner.model import Compiled
from services.dispatch.planner.problem import Problem, Team
from services.dispatch.planner.result import Plan, Route, Unserved
from services.dispatch.planner.schedule import time_route, windows
from services.dispatch.planner.travel import UNREACHABLE
from services.dispatch.planner.valuation import stability_lost, value


def build_plan(compiled: Compiled, state: State, keep: Keep) -> Plan:
    """Return the plan that lies in State.best_node."""
    problem, room = compiled.problem, compiled.model.room
    routes = []
    for t, team in enumerate(problem.teams):
        nodes = state.best_node[t * room + 1 : t * room + int(state.best_size[t]) - 1]
        routes.append(_route(compiled, state, team, [int(node) for node in nodes]))
    lost = stability_lost(keep, problem, routes)
    return Plan(tuple(routes), _unserved(compiled, routes), value(problem, routes, lost))


def _route(compiled: Compiled, state: State, team: Team, nodes: list[int]) -> Route:
    visits = [compiled.visit_of[node] for node in nodes]
    spans = {
        visit: (int(state.best_opens[node]), int(state.best_latest[node]))
        for visit, node in zip(visits, nodes, strict=True)
    }
    timed = time_route(compiled.problem, team, visits, spans)
    if timed is None:
        raise AssertionError(f"the search gave team {team.id!r} a route that cannot be driven")
    return timed


def _unserved(compiled: Compiled, routes: Iterable[Route]) -> tuple[Unserved, ...]:
    problem = compiled.problem
    made = {stop.visit for route in routes for stop in route.stops}
    spans = windows(problem)
    return tuple(
        Unserved(visit.id, party.id, _why(compiled, visit.id, spans))
        for party in problem.parties
        for visit in party.visits
        if visit.id not in made
    )


def _why(compiled: Compiled, visit: str, spans: Mapping[str, tuple[int, int]]) -> str:
    """Say in a few words why a visit is not made; reasons.py looks deeper."""
    problem, model = compiled.problem, compiled.model
    if not problem.teams:
        return "no team is on duty"
    if spans[visit][0] > spans[visit][1]:
        return "its pinned time lies outside its window"
    node = compiled.node_of[visit]
    row = model.gain[node * model.teams : (node + 1) * model.teams]
    may = np.flatnonzero(row != NEVER)
    if not len(may):
        return "no team on duty may make it"
    if not any(_reaches(problem, problem.teams[t], visit, spans[visit]) for t in may):
        return "no team can reach it within its window and shift"
    return "no room in any route for what it is worth"


def _reaches(problem: Problem, team: Team, visit: str, span: tuple[int, int]) -> bool:
    if problem.travel.between(team.start_place, problem.party_of[visit].place) == UNREACHABLE:
        return False
    return time_route(problem, team, (visit,), {visit: span}) is not None
