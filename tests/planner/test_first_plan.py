"""The plan that greedy insertion gives, and the smallest cases of all."""

from services.dispatch.planner import Iterations, Problem, check, solve
from tests.planner.cities import EVENING, line, party, random_city, team


def test_a_full_shift_takes_no_further_stop():
    # depot -- p1 -- p2 -- p3, a minute apart, 15 minutes a visit, 40 minutes of shift
    parties = tuple(party(f"p{i}", i) for i in (1, 2, 3))
    problem = Problem(parties, (team("t", shift_end=EVENING + 40 * 60),), line(4))
    plan = solve(problem, Iterations(50))
    assert plan.visits_made == 2
    assert len(plan.unserved) == 1
    assert check(problem, plan) == []


def test_no_teams_leave_every_party_with_a_reason():
    plan = solve(Problem((party("p", 1),), (), line(2)), Iterations(10))
    assert [left.reason for left in plan.unserved] == ["no team is on duty"]


def test_no_parties_leave_every_team_at_its_start():
    plan = solve(Problem((), (team("t"),), line(1)), Iterations(10))
    assert plan.visits_made == 0
    assert plan.routes[0].stops == ()


def test_a_city_gets_a_plan_that_the_checker_passes():
    problem = random_city(3, parties=30, teams=5)
    assert check(problem, solve(problem, Iterations(20), seed=3)) == []


def test_a_plan_prints_its_routes_and_what_is_left_out():
    problem = Problem((party("elm", 1), party("far", 2)), (team("t", most_stops=1),), line(3))
    text = str(solve(problem, Iterations(10)))
    assert "elm/visit" in text
    assert "not made" in text
