"""Travel that takes longer at some hours: plans are exact, and leaving early never hurts."""

import random
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.planner import (
    Break,
    InvalidProblem,
    Iterations,
    LockOrder,
    Problem,
    Together,
    Travel,
    check,
    solve,
)
from services.dispatch.planner.handmade import plan_of
from services.dispatch.planner.reasons import explain
from services.dispatch.planner.replan import positions_at, replan
from tests.planner.cities import EVENING, MINUTE, line, party, random_city, team

SOME = settings(max_examples=25, deadline=None, derandomize=True)


def rushed(problem: Problem, seed: int) -> Problem:
    """The same evening with two rush hours, each pair of places slowed in its own way."""
    usual, dice = problem.travel.seconds, np.random.default_rng(seed)
    first, second = (usual * dice.uniform(0.6, 3.0, usual.shape) for _ in range(2))
    bands = [(EVENING + 1800, first), (EVENING + 4500, second), (EVENING + 6000, usual)]
    return replace(problem, travel=Travel(usual, bands))


def slow_hour(places: int, factor: int) -> Travel:
    """A minute from door to door, `factor` minutes from 17:00 to 18:00."""
    usual = line(places).seconds
    return Travel(usual, [(EVENING, usual * factor), (EVENING + 3600, usual)])


def test_a_drive_takes_the_time_of_the_band_in_which_it_begins():
    travel = slow_hour(2, 10)
    assert travel.between(0, 1, EVENING - 1) == MINUTE
    assert travel.between(0, 1, EVENING) == 10 * MINUTE
    assert travel.between(0, 1, EVENING + 3600) == MINUTE
    assert travel.between(0, 1) == MINUTE


def test_who_leaves_just_before_the_streets_empty_arrives_as_if_leaving_then():
    travel = slow_hour(2, 10)
    assert travel.between(0, 1, EVENING + 3600 - 5 * MINUTE) == 6 * MINUTE
    closed = Travel([[0, None], [None, 0]], [(EVENING, line(2).seconds)])
    assert closed.between(0, 1, EVENING - 600) == 660


@SOME
@given(st.integers(0, 10**6), st.lists(st.integers(0, 9000), min_size=2, max_size=20))
def test_nobody_arrives_later_for_leaving_earlier(seed, departures):
    travel = rushed(random_city(seed, parties=3, teams=1), seed).travel
    leaves = sorted(EVENING + seconds for seconds in departures)
    arrives = [at + travel.between(1, 2, at) for at in leaves]
    assert arrives == sorted(arrives)


def test_a_rush_hour_takes_visits_out_of_a_plan_and_the_checker_sees_it():
    parties = tuple(party(f"p{i}", i, latest_start=EVENING + 3600) for i in (1, 2, 3))
    calm = Problem(parties, (team("t"),), line(4))
    rush = replace(calm, travel=slow_hour(4, 20))
    assert solve(calm, Iterations(640)).visits_made == 3
    held = solve(rush, Iterations(640))
    assert check(rush, held) == []
    assert held.visits_made == 2
    assert any("too late" in broken for broken in check(rush, solve(calm, Iterations(640))))


@SOME
@given(st.integers(0, 10**6), st.integers(0, 20), st.integers(0, 5))
def test_the_checker_passes_every_plan_with_time_bands(seed, parties, teams):
    problem = _ruled(rushed(random_city(seed, parties, teams), seed), seed)
    heard = []
    plan = solve(problem, Iterations(320), seed, progress=heard.append)
    assert check(problem, plan) == []
    # The search's own account of points and driving is the true one.
    assert not heard or heard[-1].total == plan.score.total


def _ruled(problem: Problem, seed: int) -> Problem:
    dice = random.Random(seed)
    pause = Break(EVENING + 3000, EVENING + 5400, 900)
    teams = tuple(replace(t, breaks=(pause,)) if dice.random() < 0.5 else t for t in problem.teams)
    pairs = [
        Together(*(v.id for v in p.visits), within=900) for p in problem.parties if p.visits[1:]
    ]
    lock = [LockOrder(teams[0].id, tuple(v.id for v in problem.visits[:3]))] if teams else []
    lock = [rule for rule in lock if rule.visits]
    return replace(problem, teams=teams, rules=(*(lock if seed % 2 else pairs),))


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_all_routes_is_found(seed):
    problem = rushed(random_city(seed, parties=5, teams=1), seed)
    names = [visit.id for visit in problem.visits if visit.needs <= problem.teams[0].offers]
    every = (
        plan_of(problem, {"t0": list(order)})
        for count in range(len(names) + 1)
        for order in permutations(names, count)
    )
    best = max(plan.score.total for plan in every if check(problem, plan) == [])
    assert solve(problem, Iterations(2000), seed).score.total == best


def test_a_re_plan_and_its_reasons_heed_the_bands():
    problem = rushed(random_city(3, parties=40, teams=4), 3)
    plan = solve(problem, Iterations(1000), 1)
    positions = positions_at(problem, plan, EVENING + 3600, late={"t1": 900})
    revision = replan(problem, plan, positions, Iterations(640))
    assert check(revision.problem, revision.plan) == []
    ways = [(reason, way) for reason in explain(problem, plan) for way in reason.ways]
    tried = [
        plan_of(
            problem, {r.team: list(r.visits) for r in plan.routes} | {way.team: list(way.visits)}
        )
        for _, way in ways
        if not way.earlier and not way.later
    ]
    assert tried
    assert all(check(problem, other) == [] for other in tried)


@pytest.mark.parametrize(
    "bands",
    [
        [(10, [[0, 1], [1, 0]]), (10, [[0, 1], [1, 0]])],
        [(10, [[0]])],
        [(0.5, [[0, 1], [1, 0]])],
        [(10, [[0, -1], [1, 0]])],
    ],
)
def test_impossible_bands_are_refused(bands):
    with pytest.raises(InvalidProblem):
        Travel([[0, 1], [1, 0]], bands)
