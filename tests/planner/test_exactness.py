"""On small evenings the planner finds the optimum of an independent exact solver, every time."""

import os

import pytest

from services.dispatch.planner import Iterations, Problem, check, solve
from tests.planner.cities import random_city

try:
    from ortools.sat.python import cp_model
except ImportError:
    if os.environ.get("CI"):
        raise
    cp_model = None

needs_oracle = pytest.mark.skipif(cp_model is None, reason="needs OR-Tools (pip install .[bench])")


def optimum(problem: Problem) -> int:
    """Return the best total score, by CP-SAT: one circuit with optional nodes per team."""
    model, terms = cp_model.CpModel(), []
    visits, way = problem.visits, problem.travel.between
    served = {v.id: [] for v in visits}
    for team in problem.teams:
        able = [v for v in visits if v.needs <= team.offers]
        start = {v.id: model.new_int_var(v.opens, v.latest_start, "") for v in able}
        arcs = [(0, 0, model.new_bool_var(""))]
        for i, a in enumerate(able, start=1):
            here = problem.party_of[a.id].place
            out = model.new_bool_var("")
            arcs.append((i, i, out))
            served[a.id].append(out.negated())
            first, last = model.new_bool_var(""), model.new_bool_var("")
            arcs += [(0, i, first), (i, 0, last)]
            drive = way(team.start_place, here)
            home = 0 if team.end_place is None else way(here, team.end_place)
            terms += [-drive * first, -home * last]
            model.add(start[a.id] >= team.starts + drive).only_enforce_if(first)
            model.add(start[a.id] + a.service + home <= team.shift_end).only_enforce_if(last)
            for j, b in enumerate(able, start=1):
                if i != j:
                    arc = model.new_bool_var("")
                    arcs.append((i, j, arc))
                    leg = way(here, problem.party_of[b.id].place)
                    terms.append(-leg * arc)
                    later = start[a.id] + a.service + leg
                    model.add(start[b.id] >= later).only_enforce_if(arc)
        model.add_circuit(arcs)
    worth = problem.seconds_per_point
    for visit in visits:
        model.add(sum(served[visit.id]) <= 1)
        terms.append(round(worth * visit.prize) * sum(served[visit.id]))
    for party in problem.parties:
        seen = model.new_bool_var("")
        model.add(seen <= sum(sum(served[v.id]) for v in party.visits))
        terms.append(round(worth * party.bonus) * seen)
    model.maximize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 30.0
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@needs_oracle
@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_of_a_small_evening_is_found(seed):
    problem = random_city(seed, parties=4 + seed % 5, teams=1 + seed % 3)
    plan = solve(problem, Iterations(6000), seed)
    assert check(problem, plan) == []
    assert plan.score.total == optimum(problem)
