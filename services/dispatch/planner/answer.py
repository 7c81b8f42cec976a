"""Turns the best routes found into a plan with times, a score and a reason for each visit left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from services.dispatch.planner.keep import Keep
from services.dispatch.planner.kernels.arrays import FAR, NEVER, State
from services.dispatch.planner.model import Compiled
from services.dispatch.planner.problem import Team
from services.dispatch.planner.result import Plan, Route, Unserved
from services.dispatch.planner.schedule import time_route, windows
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
    left = [visit.id for visit in problem.visits if visit.id not in made]
    reasons = _reasons(compiled, left)
    return tuple(
        Unserved(visit, problem.party_of[visit].id, reason)
        for visit, reason in zip(left, reasons, strict=True)
    )


def _reasons(compiled: Compiled, visits: Sequence[str]) -> list[str]:
    """Say in a few words why these visits are not made; reasons.py looks deeper.

    Whether a team could come at all is judged by its shift alone, without its breaks.
    """
    if not compiled.problem.teams:
        return ["no team is on duty"] * len(visits)
    if not visits:
        return []
    model, windows_of = compiled.model, windows(compiled.problem)
    nodes = np.array([compiled.node_of[visit] for visit in visits])
    spans = np.array([windows_of[visit] for visit in visits], dtype=np.int64)
    way = model.way.reshape(model.places, model.places)
    place = model.place[nodes][:, None]
    into = way[model.start_place[None, :], place].astype(np.int64)
    begins = np.maximum(model.starts + into, spans[:, :1])
    ends = begins + model.service[nodes][:, None] + way[place, model.end_place[None, :]]
    may = model.gain.reshape(model.nodes, model.teams)[nodes] != NEVER
    reach = may & (into < FAR) & (begins <= spans[:, 1:]) & (ends <= model.shift_end)
    return [
        _words(bool(span[0] <= span[1]), bool(allowed), bool(reached))
        for span, allowed, reached in zip(spans, may.any(axis=1), reach.any(axis=1), strict=True)
    ]


def _words(has_window: bool, allowed: bool, reached: bool) -> str:
    if not has_window:
        return "its pinned time lies outside its window"
    if not allowed:
        return "no team on duty may make it"
    if not reached:
        return "no team can reach it within its window and shift"
    return "no room in any route for what it is worth"
