"""A re-plan in the middle of the evening: what is done stands, promises move little."""

from dataclasses import replace

import pytest

from services.dispatch.planner import (
    NONE,
    Iterations,
    Keep,
    PinTeam,
    Problem,
    Promise,
    check,
    solve,
)
from services.dispatch.planner.replan import positions_at, replan
from tests.planner.cities import EVENING, line, party, random_city, team

NOW = EVENING + 3600
BUDGET = Iterations(640)


@pytest.fixture(scope="module")
def evening():
    problem = random_city(11, parties=60, teams=8)
    plan = solve(problem, Iterations(4000), seed=1)
    return problem, plan


def promises_of(plan):
    return [Promise(s.visit, r.team, s.starts) for r in plan.routes for s in r.stops]


def revise(problem, plan, positions, **settings):
    settings = {"promises": promises_of(plan)} | settings
    return replan(problem, plan, positions, BUDGET, seed=1, **settings)


def test_without_an_event_no_promise_changes(evening):
    problem, plan = evening
    revision = revise(problem, plan, positions_at(problem, plan, NOW))
    assert [str(change) for change in revision.changes if change.promised] == []
    assert check(revision.problem, revision.plan) == []


def test_a_lost_teams_promises_are_taken_over_or_named(evening):
    problem, plan = evening
    lost = max(plan.routes, key=lambda route: len(route.stops)).team
    positions = positions_at(problem, plan, NOW, lost=[lost])
    revision = revise(problem, plan, positions)
    changed = {change.visit for change in revision.changes}
    assert lost not in revision.plan.by_team
    assert set(plan.by_team[lost].visits) <= changed
    assert check(revision.problem, revision.plan) == []
    assert all(change.reason for change in revision.changes)


def test_the_next_stop_stays_with_its_team(evening):
    problem, plan = evening
    positions = positions_at(problem, plan, NOW)
    settled = {stop.visit for position in positions for stop in position.settled}
    revision = revise(problem, plan, positions)
    assert settled
    assert not settled & revision.plan.stop_of.keys()


def test_a_late_team_gives_up_or_moves_what_it_cannot_reach(evening):
    problem, plan = evening
    late = max(plan.routes, key=lambda route: len(route.stops)).team
    positions = positions_at(problem, plan, NOW, late={late: 2700})
    revision = revise(problem, plan, positions)
    assert check(revision.problem, revision.plan) == []
    assert revision.changed_promises > 0


@pytest.mark.parametrize("most", [0, 1, 3])
def test_the_limit_on_changed_promises_is_kept(evening, most):
    problem, plan = evening
    positions = positions_at(problem, plan, NOW)
    # Worth a reshuffle: a new party that outweighs anything promised.
    new = replace(problem.parties[0], id="new", visits=(_rich(problem.visits[0]),))
    richer = replace(problem, parties=(*problem.parties, new))
    revision = revise(richer, plan, positions, stability=NONE, most_changed=most)
    assert revision.changed_promises <= most
    assert check(revision.problem, revision.plan) == []


def _rich(visit):
    return replace(visit, id="new/visit", prize=500.0, opens=NOW, latest_start=NOW + 7200)


def test_a_new_important_party_is_found_a_place(evening):
    problem, plan = evening
    new = replace(problem.parties[0], id="new", visits=(_rich(problem.visits[0]),))
    richer = replace(problem, parties=(*problem.parties, new))
    revision = revise(richer, plan, positions_at(problem, plan, NOW))
    assert "new/visit" in revision.plan.stop_of
    assert "new/visit" in {change.visit for change in revision.changes if change.kind == "added"}


def test_a_withdrawn_party_is_listed_as_withdrawn(evening):
    problem, plan = evening
    positions = positions_at(problem, plan, NOW)
    settled = {stop.party for position in positions for stop in position.settled}
    gone = next(p.id for p in problem.parties if p.id in plan.parties_visited - settled)
    fewer = replace(problem, parties=tuple(p for p in problem.parties if p.id != gone))
    revision = revise(fewer, plan, positions)
    assert {c.kind for c in revision.changes if c.party == gone} == {"withdrawn"}


def test_a_party_visited_earlier_earns_no_second_first_visit(evening):
    problem, plan = evening
    revision = revise(problem, plan, positions_at(problem, plan, NOW))
    before = [party for party in revision.problem.parties if party.visited]
    assert before
    made = revision.plan.parties_visited & {party.id for party in before}
    new = len(revision.plan.parties_visited) - len(made)
    assert revision.plan.score.first_visits == 5.0 * new


def test_a_pin_to_a_lost_team_is_void():
    problem = Problem(
        (party("elm", 1), party("oak", 2)),
        (team("a"), team("b")),
        line(3, minutes=30),
        (PinTeam("oak/visit", "a"),),
    )
    plan = solve(problem, BUDGET)
    positions = positions_at(problem, plan, EVENING - 60, lost=["a"])
    revision = revise(problem, plan, positions)
    assert revision.plan.by_team["b"].visits


def test_a_promise_weighs_more_than_a_slightly_better_visit():
    parties = (party("elm", 1, prize=5), party("oak", 1, prize=7))
    problem = Problem(parties, (team("t", most_stops=1),), line(2))
    keep = Keep((Promise("elm/visit", "t", EVENING + 60),))
    assert solve(problem, BUDGET, keep=keep).by_team["t"].visits == ("elm/visit",)
    assert solve(problem, BUDGET).by_team["t"].visits == ("oak/visit",)
