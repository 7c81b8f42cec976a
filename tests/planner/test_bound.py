"""The bound that progress tells: no plan is worth more, and one that visits all is as much."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.planner import (
    Break,
    Iterations,
    Keep,
    Party,
    PinTeam,
    Problem,
    Promise,
    Travel,
    Visit,
    check,
    solve,
)
from services.dispatch.planner.bound import most_points
from services.dispatch.planner.model import compile_problem
from tests.planner.cities import EVENING, line, party, random_city, team

SOME = settings(max_examples=60, deadline=None, derandomize=True)


def bound(problem: Problem) -> float:
    return most_points(compile_problem(problem))


@SOME
@given(st.integers(0, 10**6), st.integers(0, 14), st.integers(0, 4))
def test_no_plan_is_worth_more_than_the_bound(seed, parties, teams):
    problem = _odd(random_city(seed, parties, teams), seed)
    plan = solve(problem, Iterations(640), seed)
    assert check(problem, plan) == []
    assert plan.score.points <= bound(problem) + 1e-6


def _odd(problem: Problem, seed: int) -> Problem:
    """The evening with tight shifts, breaks, few stops, areas and ways that no triangle bounds."""
    dice = random.Random(seed)
    size = problem.travel.places
    way = [[dice.choice([0, 30, 300, 900, None]) for _ in range(size)] for _ in range(size)]
    teams = tuple(
        replace(
            some,
            starts=EVENING + dice.choice([0, 1800]),
            shift_end=EVENING + dice.choice([3600, 7200, 10800]),
            end_place=None,
            breaks=(Break(EVENING + 1800, EVENING + 2400, 300),) * dice.choice([0, 1]),
            most_stops=dice.choice([None, 2, 4]),
            prefer_areas=frozenset(dice.choice([set(), {"area0"}])),
        )
        for some in problem.teams
    )
    return replace(
        problem,
        teams=teams,
        travel=Travel(way),
        outside_penalty=2.0,
        area_bonus={"area0": (5.0, 3.0), "area1": (4.0,)},
    )


@SOME
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_where_everything_fits_the_bound_is_the_optimum(seed, parties):
    city = random_city(seed, parties, teams=1)
    offers = frozenset({"police", "fire"})
    problem = replace(city, teams=tuple(team(f"t{i}", offers=offers) for i in range(12)))
    plan = solve(problem, Iterations(320), seed)
    assert plan.unserved == ()
    assert abs(bound(problem) - plan.score.points) < 1e-6


def test_the_bound_counts_the_teams_time_and_their_stops():
    # An hour holds at most four visits of 14 minutes a minute's drive apart.
    parties = tuple(party(f"p{i}", 1 + i, service=840) for i in range(6))
    problem = Problem(parties, (team("t", shift_end=EVENING + 3600, end_place=None),), line(7))
    assert bound(problem) == 40.0
    assert bound(replace(problem, teams=(team("t", most_stops=3),))) == 30.0
    assert bound(replace(problem, teams=())) == 0.0
    assert bound(replace(problem, parties=())) == 0.0


def test_a_party_counts_once_for_its_first_visit_whichever_of_its_visits_that_is():
    visits = (
        Visit("elm/short", EVENING, EVENING + 9000, 60, prize=0),
        Visit("elm/long", EVENING, EVENING + 9000, 600, prize=10),
    )
    problem = Problem((Party("elm", 0, visits, bonus=10),), (team("t", most_stops=1),), line(1))
    assert bound(problem) == 20.0
    assert bound(replace(problem, parties=(Party("elm", 0, visits, 10, visited=True),))) == 10.0


def test_a_party_of_many_visits_is_bounded_more_loosely():
    visits = tuple(Visit(f"elm/{i}", EVENING, EVENING + 9000, 60, prize=1) for i in range(8))
    problem = Problem((Party("elm", 0, visits, bonus=10),), (team("t"),), line(1))
    assert bound(problem) == 18.0


def test_a_visit_that_nobody_could_make_does_not_count():
    parties = (
        party("late", 1, opens=EVENING + 5 * 3600, latest_start=EVENING + 6 * 3600),
        party("strange", 1, kind="mascot"),
        party("good", 1),
    )
    assert bound(Problem(parties, (team("t"),), line(2))) == 10.0


def test_progress_tells_points_and_bound_without_the_weight_of_pins_and_promises():
    city = random_city(4, parties=12, teams=3)
    first = solve(city, Iterations(320), 1)
    told = [Promise(s.visit, r.team, s.starts) for r in first.routes for s in r.stops]
    pin = next(v.id for v in city.visits if v.kind == "fire")
    able = next(t.id for t in city.teams if "fire" in t.offers)
    problem = replace(city, rules=(PinTeam(pin, able),))
    heard = []
    plan = solve(problem, Iterations(320), 2, first, Keep(tuple(told)), heard.append)
    last = heard[-1]
    assert last.total == plan.score.total
    assert abs(last.points + plan.score.stability - plan.score.points) < 1e-6
    assert last.bound == plan.bound == bound(problem)
    assert plan.score.points <= last.bound
    assert solve(problem, Iterations(64)).bound is None
