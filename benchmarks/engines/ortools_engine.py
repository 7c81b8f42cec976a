"""OR-Tools' routing library: cheapest insertion, then guided local search, visits optional."""

from __future__ import annotations

import math

import numpy as np
from ortools.constraint_solver import (
    pywrapcp,
    routing_enums_pb2,
)

from benchmarks.engines import Routes
from services.dispatch.planner import Problem

FAR = 10**7


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Run the routing solver for so many seconds; it takes no seed."""
    count, crews = len(problem.visits), len(problem.teams)
    nowhere = problem.travel.places
    place = [party.place for party in problem.parties for _ in party.visits]
    place += [team.start_place for team in problem.teams]
    place += [nowhere if team.end_place is None else team.end_place for team in problem.teams]
    way = np.zeros((nowhere + 1, nowhere + 1), dtype=np.int64)
    way[:nowhere, :nowhere] = np.minimum(problem.travel.seconds, FAR)
    cost = way[np.ix_(place, place)]
    work = np.array([visit.service for visit in problem.visits] + [0] * (2 * crews))
    starts = list(range(count, count + crews))
    manager = pywrapcp.RoutingIndexManager(
        len(place), crews, starts, list(range(count + crews, count + 2 * crews))
    )
    routing = pywrapcp.RoutingModel(manager)
    drive = routing.RegisterTransitMatrix(cost.tolist())
    spend = routing.RegisterTransitMatrix((cost + work[:, None]).tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(drive)
    horizon = max((team.shift_end for team in problem.teams), default=0)
    routing.AddDimension(spend, horizon, horizon, False, "time")
    clock = routing.GetDimensionOrDie("time")
    for i, visit in enumerate(problem.visits):
        index = manager.NodeToIndex(i)
        routing.AddDisjunction([index], round(visit.prize * problem.seconds_per_point))
        clock.CumulVar(index).SetRange(min(visit.opens, horizon), min(visit.latest_start, horizon))
        able = [t for t, team in enumerate(problem.teams) if visit.needs <= team.offers]
        routing.VehicleVar(index).SetValues([-1, *able])
    for t, team in enumerate(problem.teams):
        clock.CumulVar(routing.Start(t)).SetRange(team.starts, team.shift_end)
        clock.CumulVar(routing.End(t)).SetRange(team.starts, team.shift_end)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy
    settings.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION
    deeper = routing_enums_pb2.LocalSearchMetaheuristic
    settings.local_search_metaheuristic = deeper.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(math.ceil(1000 * seconds))
    found = routing.SolveWithParameters(settings)
    if found is None:
        return None
    routes = {}
    for t, team in enumerate(problem.teams):
        index, visits = found.Value(routing.NextVar(routing.Start(t))), []
        while not routing.IsEnd(index):
            visits.append(problem.visits[manager.IndexToNode(index)].id)
            index = found.Value(routing.NextVar(index))
        routes[team.id] = visits
    return routes
