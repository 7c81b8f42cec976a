"""Every way in that is named really works."""

from dataclasses import replace

from services.dispatch.planner import Iterations, Problem, check, solve
from services.dispatch.planner.handmade import plan_of
from services.dispatch.planner.reasons import explain
from tests.planner.cities import EVENING, line, party, random_city, team


def test_a_visit_left_out_names_who_could_and_what_it_drops():
    parties = (party("elm", 1, prize=5), party("oak", 1, prize=9))
    problem = Problem(parties, (team("Team 4", most_stops=1),), line(2))
    [reason] = explain(problem, solve(problem, Iterations(64)))
    assert str(reason) == "elm/visit: only Team 4 by dropping oak/visit"
    assert reason.ways[0].cost == 4.0


def test_a_team_that_starts_too_late_is_told_how_much_earlier():
    elm = party("elm", 1, latest_start=EVENING)
    problem = Problem((elm,), (team("Team 4", starts=EVENING + 600),), line(2))
    [reason] = explain(problem, solve(problem, Iterations(64)))
    assert str(reason) == "elm/visit: only Team 4 by starting 15 minutes earlier"


def test_a_visit_that_nobody_may_make_says_so():
    problem = Problem((party("elm", 1, kind="fire"),), (team("t"),), line(2))
    [reason] = explain(problem, solve(problem, Iterations(64)))
    assert str(reason) == "elm/visit: no team on duty may make it"


def test_every_way_in_passes_the_checker():
    problem = random_city(4, parties=40, teams=4)
    plan = solve(problem, Iterations(1000), seed=1)
    reasons = explain(problem, plan)
    assert len(reasons) == len(plan.unserved)
    ways = [way for reason in reasons for way in reason.ways]
    assert len(ways) > 10
    for way in ways:
        routes = {route.team: route.visits for route in plan.routes} | {way.team: way.visits}
        longer = [
            replace(t, starts=t.starts - way.earlier, shift_end=t.shift_end + way.later)
            if t.id == way.team
            else t
            for t in problem.teams
        ]
        changed = replace(problem, teams=tuple(longer))
        tried = plan_of(changed, routes)
        assert check(changed, tried) == []
        points = plan.score.total - tried.score.total
        assert abs(points / problem.seconds_per_point - way.cost) < 0.01
