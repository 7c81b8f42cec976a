"""A problem that contradicts itself is refused by name; a hopeless one is planned without."""

import math

import pytest

from services.dispatch.planner import Break, InvalidProblem, Iterations, Problem, Travel, solve
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
