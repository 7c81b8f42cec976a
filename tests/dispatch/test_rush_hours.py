"""Hours with another speed of traffic, from the setting to a plan that heeds them."""

from datetime import time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.rush_hours import RushHour, RushHours, rush_hours
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice, driving
from services.dispatch.domain import checker
from services.dispatch.domain.evening import Evening, Window
from services.dispatch.domain.framing import Frame, frame
from services.dispatch.domain.plan import compose
from services.dispatch.domain.problem import NO_WAY, Band, Problem
from services.dispatch.main.travel import travel_of
from services.dispatch.planner import Iterations
from services.dispatch.settings import Settings
from shared.env import SettingsMissing
from tests.dispatch.builders import NOON, at, make_city, make_evening, make_party, make_team, place
from tests.dispatch.plans import after

SEARCH = SearchPlanner(Insertion(), Budget(Iterations(2000), Iterations(2000)))
# The evening begins at 6 PM in Pasadena.
RUSH = RushHours(GreatCircle(), rush_hours("18:00-19:00 0.5, 19:00-19:30 0.8"))
ENVIRON = {"DISPATCH_DATABASE_URL": "x", "REDIS_URL": "x", "SECRET_KEY": "x" * 32}


def posed(evening: Evening) -> tuple[Frame, Problem]:
    framed = frame(evening)
    times = RUSH.times(framed.places)
    return framed, framed.problem(times.seconds, times.hours)


def test_hours_are_read_as_they_are_written() -> None:
    assert rush_hours("") == ()
    evening = RushHour(time(17), time(18, 30), 0.7)
    night = RushHour(time(22), time(2), 1.2)
    assert rush_hours("22:00-02:00 1.2, 17:00-18:30 0.7") == (evening, night)


@pytest.mark.parametrize(
    "written",
    [
        "17:00 0.8",
        "17:00-18:00",
        "25:00-26:00 0.8",
        "17:00-17:00 0.8",
        "17:00-18:00 0",
        "17:00-18:00 9",
        "17:00-18:00 nan",
        "17:00-18:00 0.8, 17:30-19:00 0.9",
        "22:00-02:00 0.8, 01:00-03:00 0.9",
        "22:00-02:00 0.8, 23:00-23:30 0.9",
    ],
)
def test_hours_that_make_no_sense_stop_the_start_with_a_sentence(written: str) -> None:
    with pytest.raises(SettingsMissing, match="RUSH_HOURS"):
        travel_of(Settings.read({**ENVIRON, "RUSH_HOURS": written}))


def test_the_setting_slows_the_estimate_within_the_hours_only() -> None:
    travel = travel_of(Settings.read({**ENVIRON, "RUSH_HOURS": "18:00-19:00 0.5"}))
    framed = frame(make_evening([make_party(place=place(8))]))
    times = travel.times(framed.places)
    problem = framed.problem(times.seconds, times.hours)
    usual = int(np.asarray(times.seconds)[0, 1])
    assert problem.way(0, 1, -61) == usual
    assert problem.way(0, 1, 0) == 2 * usual
    assert problem.way(0, 1, 3600) == usual
    assert problem.way(0, 1, 3600 - 60) == usual + 60


def test_without_a_map_closed_streets_are_not_heeded_and_the_board_says_so() -> None:
    travel = travel_of(Settings.read({**ENVIRON, "CLOSED_STREETS": "closed.geojson"}))
    assert travel.times([]).note.startswith("Closed streets are not heeded")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(1, 900), min_size=4, max_size=4),
    st.lists(st.integers(0, 3000), min_size=3, max_size=3, unique=True),
    st.integers(-500, 6000),
)
def test_who_leaves_a_second_after_the_latest_arrives_too_late(
    ways: list[int], begins: list[int], arrives: int
) -> None:
    usual, *others = (np.array([[0, way], [way, 0]], dtype=np.int32) for way in ways)
    bands = tuple(Band(at, m) for at, m in zip(sorted(begins), others, strict=True))
    problem = Problem((), (), usual, bands=bands)
    latest = problem.leave_by(0, 1, arrives)
    assert latest + problem.way(0, 1, latest) <= arrives
    assert latest + 1 + problem.way(0, 1, latest + 1) > arrives


def test_no_way_stays_no_way_in_any_hour() -> None:
    seconds = np.array([[0, NO_WAY], [NO_WAY, 0]], dtype=np.int32)
    problem = Problem((), (), seconds, bands=(Band(0, seconds),))
    assert problem.way(0, 1, 7) >= NO_WAY


def test_a_party_that_only_an_empty_street_would_reach_in_time_is_too_far() -> None:
    framed, problem = posed(
        make_evening([make_party(place=place(12), window=Window(at(0), at(50)))])
    )
    draft = SEARCH.plan(problem)
    assert compose(framed, problem, draft, NOON).told["p1"].reason == "too_far"
    calm = framed.problem(GreatCircle().matrix(framed.places))
    assert SEARCH.plan(calm).visited == {"p1"}
    assert "cannot be at" in checker.check(problem, SEARCH.plan(calm))[0]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=25))
def test_every_draft_keeps_the_rules_in_every_hour(spots: list[tuple[int, int]]) -> None:
    parties = [make_party(f"p{n:02}", place=place(*spot)) for n, spot in enumerate(spots)]
    evening = make_evening(parties, [make_team("t1"), make_team("t2", start=place(3, 3))])
    framed, problem = posed(evening)
    for planner in (Insertion(), SEARCH):
        draft = planner.plan(problem)
        assert check_twice(problem, draft) == []
        assert driving(problem, draft) >= driving(framed.problem(problem.seconds), draft)
    _, again = posed(after(evening, compose(framed, problem, draft, NOON)))
    stored = Insertion().plan(again)
    for team, route in draft.routes.items():
        assert [stop.visit for stop in stored.routes[team]] == [stop.visit for stop in route]


def test_hours_that_pass_midnight_end_on_the_next_day() -> None:
    late = make_city(evening=Window(at(180), at(180) + timedelta(hours=6)))
    framed = frame(make_evening([make_party(place=place(5))], city=late))
    hours = RushHours(GreatCircle(), rush_hours("22:00-02:00 0.5")).times(framed.places).hours
    bands = framed.problem(GreatCircle().matrix(framed.places), hours).bands
    assert [band.begins for band in bands] == [3600, 5 * 3600]
