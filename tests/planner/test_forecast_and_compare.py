"""Looking ahead and looking at two plans."""

from dataclasses import replace

from services.dispatch.planner import Iterations, Problem, solve
from services.dispatch.planner.compare import compare
from services.dispatch.planner.forecast import forecast
from services.dispatch.planner.handmade import plan_of
from tests.planner.cities import EVENING, line, party, random_city, team

PARTIES = tuple(party(f"p{i}", 1) for i in range(6))


def test_a_forecast_says_what_one_more_team_adds():
    # Half an hour of shift holds one visit of 15 minutes, a minute's drive away, and no second.
    problem = Problem(PARTIES, (team("t", shift_end=EVENING + 1800),), line(2))
    told = forecast(problem, Iterations(128), more=(1, 2))
    assert [told.now.visits, *(other.visits for other in told.others)] == [1, 2, 3]
    assert str(told).startswith("with 1 teams: 1 of 6 visits; +1 teams: +1 visits")


def test_fewer_teams_are_forecast_too():
    problem = random_city(2, parties=30, teams=4)
    told = forecast(problem, Iterations(640), more=(-1,))
    assert told.others[0].teams == 3
    assert told.others[0].visits <= told.now.visits


def test_two_plans_lie_side_by_side():
    problem = Problem(PARTIES[:2], (team("a"), team("b")), line(2))
    first = plan_of(problem, {"a": ["p0/visit", "p1/visit"]})
    second = plan_of(problem, {"a": ["p1/visit"], "b": ["p0/visit"]})
    seen = compare(problem, first, second)
    assert seen.first.visits == seen.second.visits == 2
    assert {change.kind for change in seen.changes} == {"handed over", "moved"}
    assert "visits 2 | 2" in str(seen)


def test_a_hand_made_plan_is_told_what_it_breaks():
    parties = (party("elm", 1, latest_start=EVENING + 30), party("oak", 1, kind="fire"))
    problem = Problem(parties, (team("t"),), line(2))
    broken = compare(problem, *(plan_of(problem, {"t": ["elm/visit", "oak/visit"]}),) * 2)
    assert any("outside" in text for text in broken.first.broken)
    assert any("lacks fire" in text for text in broken.first.broken)


def test_a_plan_for_other_teams_does_not_pass():
    problem = random_city(2, parties=10, teams=2)
    plan = solve(problem, Iterations(64))
    fewer = replace(problem, teams=problem.teams[:1])
    assert any("not on duty" in text for text in compare(fewer, plan, plan).first.broken)
