"""Evenings that make no sense are planned all the same: each party is visited or has a reason."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from marshmallow import ValidationError

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice
from services.dispatch.domain.evening import Evening, Window
from services.dispatch.domain.framing import frame
from services.dispatch.domain.plan import Plan, compose
from services.dispatch.domain.problem import NO_WAY
from services.dispatch.planner import Iterations
from services.dispatch.ports.planning import Planner
from shared.contracts import values
from tests.dispatch.builders import NOON, at, make_evening, make_party, make_team, place

PLANNERS = [Insertion(), SearchPlanner(Insertion(), Budget(Iterations(320), Iterations(320)))]
each = pytest.mark.parametrize("planner", PLANNERS, ids=["insertion", "search"])
BACKWARDS = Window(at(120), at(60))


def planned(planner: Planner, evening: Evening, seconds: Any = None) -> Plan:
    framed = frame(evening)
    matrix = GreatCircle().matrix(framed.places) if seconds is None else seconds
    problem = framed.problem(matrix)
    draft = planner.plan(problem)
    assert check_twice(problem, draft) == []
    made = compose(framed, problem, draft, NOON)
    assert made.told.keys() == {party.id for party in evening.parties}
    assert all(told.scheduled != bool(told.reason) for told in made.told.values())
    return made


@each
def test_a_window_that_closes_before_it_opens_is_too_short(planner: Planner) -> None:
    made = planned(planner, make_evening([make_party(window=BACKWARDS), make_party("p2")]))
    assert made.told["p1"].reason == "window_too_short"
    assert made.told["p2"].scheduled


@each
def test_a_team_without_a_shift_visits_nobody(planner: Planner) -> None:
    for shift in (BACKWARDS, Window(at(60), at(60))):
        made = planned(planner, make_evening([make_party()], [make_team(shift=shift)]))
        assert made.told["p1"].reason == "no_team_at_that_time"


@each
def test_nobody_and_nothing_is_a_plan(planner: Planner) -> None:
    assert planned(planner, make_evening([], [])).summary.parties == 0
    assert planned(planner, make_evening([])).summary.teams == 1
    assert planned(planner, make_evening([make_party()], [])).told["p1"].reason == "no_teams"


@each
def test_an_unreachable_place_is_too_far(planner: Planner) -> None:
    nowhere = np.array([[0, NO_WAY], [NO_WAY, 0]], dtype=np.int32)
    assert planned(planner, make_evening([make_party()]), nowhere).told["p1"].reason == "too_far"


@each
def test_a_place_on_the_other_side_of_the_earth_is_too_far(planner: Planner) -> None:
    far = replace(place(), lat=-place().lat, lon=place().lon + 180)
    assert planned(planner, make_evening([make_party(place=far)])).told["p1"].reason == "too_far"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 91.0, None, "x"])
def test_a_place_that_is_nowhere_is_no_fact(bad: Any) -> None:
    for lat, lon in ((bad, 0.0), (0.0, bad if bad != 91.0 else 181.0)):
        with pytest.raises(ValidationError):
            values.PlaceSchema().load({"lat": lat, "lon": lon})


def test_five_thousand_parties_are_planned_or_told_why_not() -> None:
    parties = [make_party(f"p{n:04}") for n in range(5000)]
    teams = [make_team(f"t{n}", shift=Window(at(0), at(60))) for n in range(10)]
    east = np.arange(5010, dtype=np.int32) * 7 % 900
    made = planned(Insertion(), make_evening(parties, teams), np.abs(east[:, None] - east))
    assert made.summary.parties == 5000
    assert made.summary.visited > 20
