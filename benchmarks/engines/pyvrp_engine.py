"""PyVRP: hybrid search for prize-collecting vehicle routing, given our greedy plan to start from.

Visitor kinds become profiles: a node that a team may not serve is out of reach for its profile.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from benchmarks.engines import Routes, greedy_engine
from services.dispatch.planner import Problem, Team

FAR = 10**7


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Run PyVRP for so many seconds of its own clock, from the greedy start."""
    data = _data(problem)
    start = greedy_engine.solve(problem, 0, seed) or {}
    number = {visit.id: i for i, visit in enumerate(problem.visits)}
    routes = [
        pyvrp.Route(data, [number[v] for v in visits], vehicle_type=t)
        for t, visits in enumerate(start.get(team.id, ()) for team in problem.teams)
        if visits
    ]
    result = pyvrp.solve(
        data,
        MaxRuntime(seconds),
        seed=seed,
        display=False,
        collect_stats=False,
        initial_solution=pyvrp.Solution(data, routes),
    )
    if not result.best.is_feasible():
        return None
    return _routes(problem, result.best)


def _routes(problem: Problem, best: Any) -> Routes:
    visits = problem.visits
    return {
        problem.teams[route.vehicle_type()].id: [
            visits[step.idx].id for step in route if step.is_client()
        ]
        for route in best.routes()
    }


def _data(problem: Problem) -> Any:
    """Return the problem in PyVRP's terms: a location per visit, then one per start and end."""
    nowhere, count = problem.travel.places, len(problem.visits)
    ends = [nowhere if team.end_place is None else team.end_place for team in problem.teams]
    spots = sorted({team.start_place for team in problem.teams} | set(ends))
    place = [party.place for party in problem.parties for _ in party.visits] + spots
    way = np.zeros((nowhere + 1, nowhere + 1), dtype=np.int64)
    way[:nowhere, :nowhere] = np.minimum(problem.travel.seconds, FAR)
    between = way[np.ix_(place, place)]
    groups = sorted({team.offers for team in problem.teams}, key=sorted)
    matrices = [_shut(problem, between, group) for group in groups]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in place],
        clients=[_client(problem, i) for i in range(count)],
        depots=[pyvrp.Depot(count + i) for i in range(len(spots))],
        vehicle_types=[
            _vehicle(team, spots.index(team.start_place), spots.index(end), groups)
            for team, end in zip(problem.teams, ends, strict=True)
        ],
        distance_matrices=matrices,
        duration_matrices=matrices,
    )


def _client(problem: Problem, index: int) -> Any:
    visit = problem.visits[index]
    return pyvrp.Client(
        index,
        service_duration=visit.service,
        tw_early=visit.opens,
        tw_late=visit.latest_start,
        prize=round(visit.prize * problem.seconds_per_point),
        required=False,
    )


def _shut(problem: Problem, way: Any, offers: frozenset[str]) -> Any:
    """Put the visits that a team with these offers may not make out of reach."""
    shut = [i for i, visit in enumerate(problem.visits) if not visit.needs <= offers]
    if not shut:
        return way
    closed = way.copy()
    closed[:, shut] = FAR
    np.fill_diagonal(closed, 0)
    return closed


def _vehicle(team: Team, start: int, end: int, groups: list[frozenset[str]]) -> Any:
    return pyvrp.VehicleType(
        1,
        start_depot=start,
        end_depot=end,
        tw_early=team.starts,
        tw_late=team.shift_end,
        profile=groups.index(team.offers),
    )
