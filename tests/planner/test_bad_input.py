"""A problem that contradicts itself is refused by name; a hopeless one is planned without."""

import math

import pytest

from services.dispatch.planner import (
    Break,
    Forbid,
    InvalidProblem,
    Iterations,
    PinTeam,
    Problem,
    Travel,
    check,
    solve,
)
from tests.planner.cities import EVENING, line, party, team


def test_a_window_that_closes_before_it_opens_names_the_party():
    with pytest.raises(InvalidProblem, match="elm"):
        Problem((party("elm", 1, opens=10, latest_start=5),), (team("t"),), line(2))


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -1.0])
def test_impossible_travel_times_are_refused(seconds):
    with pytest.raises(InvalidProblem, match="place 0 to place 1"):
        Travel([[0, seconds], [1, 0]])


@pytest.mark.parametrize("prize", [math.nan, math.inf, -1.0])
def test_an_impossible_prize_names_the_party(prize):
    with pytest.raises(InvalidProblem, match="elm"):
        Problem((party("elm", 1, prize=prize),), (team("t"),), line(2))


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**12])
def test_an_impossible_time_names_the_party(value):
    with pytest.raises(InvalidProblem, match="elm"):
        Problem((party("elm", 1, opens=value, latest_start=value),), (team("t"),), line(2))


def test_a_team_without_a_shift_is_named():
    with pytest.raises(InvalidProblem, match="'blue' has no shift"):
        Problem((), (team("blue", shift_end=EVENING - 1),), line(1))
    with pytest.raises(InvalidProblem, match="'blue' has no shift"):
        Problem((), (team("blue", shift_end=None),), line(1))


def test_a_break_outside_the_shift_names_the_team():
    with pytest.raises(InvalidProblem, match="blue"):
        Problem((), (team("blue", breaks=(Break(0, 10, 600),)),), line(1))


def test_a_place_outside_the_matrix_names_the_party():
    with pytest.raises(InvalidProblem, match="elm"):
        Problem((party("elm", 7),), (team("t"),), line(2))


def test_two_parties_of_one_name_are_refused():
    with pytest.raises(InvalidProblem, match="'elm' occurs twice"):
        Problem((party("elm", 1), party("elm", 1)), (), line(2))


def test_an_unreachable_party_is_left_out_with_a_reason():
    travel = Travel([[0, None], [None, 0]])
    plan = solve(Problem((party("island", 1),), (team("t"),), travel), Iterations(10))
    assert [left.party for left in plan.unserved] == ["island"]
    assert plan.unserved[0].reason


def test_five_thousand_parties_are_planned():
    # Ten parties on each of 500 blocks along a line; a team's evening holds a dozen of them.
    parties = tuple(party(f"p{i}", 1 + i % 500) for i in range(5000))
    teams = tuple(team(f"t{i}", start_place=i * 20, end_place=None) for i in range(20))
    problem = Problem(parties, teams, line(501))
    plan = solve(problem, Iterations(64))
    assert check(problem, plan) == []
    assert plan.visits_made > 200
    assert len(plan.unserved) == 5000 - plan.visits_made


def test_a_hopeless_window_is_named_in_the_plan():
    problem = Problem((party("elm", 1, latest_start=EVENING),), (team("t"),), line(2))
    [left] = solve(problem, Iterations(10)).unserved
    assert (left.party, left.reason) == ("elm", "no team can reach it within its window and shift")


def test_rules_that_name_strangers_are_refused():
    with pytest.raises(InvalidProblem, match="nobody"):
        Problem((party("elm", 1),), (), line(2), (PinTeam("elm/visit", "nobody"),))
    with pytest.raises(InvalidProblem, match="ghost"):
        Problem((party("elm", 1),), (), line(2), (Forbid("ghost"),))


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 1.5, 10**12])
def test_an_impossible_length_of_a_visit_names_the_party(value):
    with pytest.raises(InvalidProblem, match="elm"):
        Problem((party("elm", 1, service=value),), (team("t"),), line(2))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**12])
@pytest.mark.parametrize("what", ["starts", "shift_end"])
def test_an_impossible_shift_names_the_team(what, value):
    with pytest.raises(InvalidProblem, match="blue"):
        Problem((), (team("blue", **{what: value}),), line(1))


@pytest.mark.parametrize(
    "pause",
    [Break(10, 5, 60), Break(EVENING, EVENING, -1), Break(EVENING, EVENING, math.nan)],
)
def test_an_impossible_break_names_the_team(pause):
    with pytest.raises(InvalidProblem, match="blue"):
        Problem((), (team("blue", breaks=(pause,)),), line(1))


@pytest.mark.parametrize(
    "settings",
    [
        {"seconds_per_point": 0},
        {"outside_penalty": math.nan},
        {"lacking_penalty": -1.0},
        {"area_bonus": {"north": (math.inf,)}},
    ],
)
def test_impossible_settings_are_refused(settings):
    with pytest.raises(InvalidProblem):
        Problem((), (), line(1), **settings)


def test_an_end_place_out_of_reach_names_the_team():
    travel = Travel([[0, None], [None, 0]])
    with pytest.raises(InvalidProblem, match="blue"):
        Problem((), (team("blue", end_place=1),), travel)


def test_the_smallest_problems_of_all_are_planned():
    for parties in ((), (party("elm", 0),)):
        for teams in ((), (team("t"),)):
            problem = Problem(parties, teams, line(1))
            plan = solve(problem, Iterations(64))
            assert check(problem, plan) == []
            assert plan.visits_made == min(len(parties), len(teams))
