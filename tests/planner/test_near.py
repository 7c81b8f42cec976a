"""A re-plan in a hurry plans only the teams near the event anew; all else stands and adds up."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.planner import (
    Forbid,
    Iterations,
    LockOrder,
    PinTeam,
    Promise,
    Seconds,
    Together,
    check,
    solve,
)
from services.dispatch.planner.replan import positions_at, replan
from tests.planner.cities import EVENING, random_city

NOW = EVENING + 3600
BUDGET = Iterations(320)


def promises_of(plan):
    return [Promise(s.visit, r.team, s.starts) for r in plan.routes for s in r.stops]


def revise(problem, plan, lost, teams, **settings):
    positions = positions_at(problem, plan, NOW, lost=lost)
    settings = {"promises": promises_of(plan)} | settings
    return replan(problem, plan, positions, BUDGET, 1, teams=teams, **settings)


@pytest.fixture(scope="module")
def evening():
    problem = random_city(11, parties=80, teams=12)
    return problem, solve(problem, Iterations(4000), seed=1)


def busiest(plan):
    return max(plan.routes, key=lambda route: len(route.stops)).team


def test_teams_far_from_the_event_keep_their_routes(evening):
    problem, plan = evening
    revision = revise(problem, plan, [busiest(plan)], teams=4)
    kept = [
        route
        for route in revision.plan.routes
        if route.visits == tuple(v for v in plan.by_team[route.team].visits if v in route.visits)
    ]
    assert len(kept) >= len(revision.plan.routes) - 4
    assert check(revision.problem, revision.plan) == []


def test_the_parts_plan_is_valued_and_listed_as_a_whole(evening):
    problem, plan = evening
    revision = revise(problem, plan, [busiest(plan)], teams=4)
    stops = {stop.visit for route in revision.plan.routes for stop in route.stops}
    left = {unserved.visit for unserved in revision.plan.unserved}
    assert stops | left == {visit.id for visit in revision.problem.visits}
    assert not stops & left
    assert all(unserved.reason for unserved in revision.plan.unserved)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), teams=st.integers(1, 6), most=st.integers(0, 3))
def test_the_checker_passes_every_part_and_the_limit_is_kept(seed, teams, most):
    bonus = {"area0": (5.0, 3.0, 1.0), "area1": (4.0,)}
    problem = replace(random_city(seed, parties=40, teams=8), area_bonus=bonus)
    plan = solve(problem, Iterations(640), seed)
    lost = [plan.routes[0].team]
    revision = revise(problem, plan, lost, teams, most_changed=most)
    assert check(revision.problem, revision.plan) == []
    beyond = [c for c in revision.changes if c.promised and c.old_team not in lost]
    assert len(beyond) <= most


def test_rules_hold_in_a_part(evening):
    problem, plan = evening
    routes = sorted(plan.routes, key=lambda route: len(route.stops))
    pinned, locked, gone = routes[-1], routes[-2], routes[-3].team
    rules = (
        PinTeam(pinned.visits[-1], pinned.team),
        LockOrder(locked.team, locked.visits),
        *(Forbid(visit, routes[-4].team) for visit in plan.by_team[gone].visits),
    )
    strict = replace(problem, rules=rules)
    revision = revise(strict, plan, [gone], teams=5)
    assert check(revision.problem, revision.plan) == []


def test_visits_tied_to_one_another_need_the_whole_evening(evening):
    problem, _ = evening
    pair = next(party.visits for party in problem.parties if len(party.visits) == 2)
    tied = replace(problem, rules=(Together(pair[0].id, pair[1].id),))
    start = solve(tied, Iterations(640), 1)
    revision = revise(tied, start, [busiest(start)], teams=3)
    assert check(revision.problem, revision.plan) == []


def test_an_event_that_touches_nothing_changes_nothing(evening):
    problem, plan = evening
    assert revise(problem, plan, [], teams=4).changed_promises == 0


def test_a_tight_budget_is_answered_with_a_valid_plan(evening):
    problem, plan = evening
    positions = positions_at(problem, plan, NOW, lost=[busiest(plan)])
    revision = replan(problem, plan, positions, Seconds(0.001), 1, promises_of(plan))
    assert check(revision.problem, revision.plan) == []
