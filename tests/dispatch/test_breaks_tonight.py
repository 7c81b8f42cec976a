"""Breaks and end places from the roster to the running night, on a real PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.adapters.phone_view import phone_view
from services.dispatch.adapters.replanner import SearchReplanner
from services.dispatch.adapters.roster_desk import roster_desk
from services.dispatch.adapters.search import check_twice
from services.dispatch.rostering import change_entry, read_roster
from services.dispatch.worker import Means
from shared.db import Pool
from shared.work import begin
from tests.dispatch.builders import at
from tests.dispatch.evening import CITY, Running, ring, two_teams

STATION = {"lat": 34.15, "lon": -118.09}


@pytest.fixture
def night(url: str, pool: Pool) -> Running:
    """Eight parties and two teams, of which one rests from 7:00 to 7:20 and ends at the station."""
    means = Means(replanner=SearchReplanner.of_seconds(0), check=check_twice)
    running = Running(url, pool, means)
    running.set_up(ring(8), two_teams())
    given = {"breaks": "7:00-7:20 PM", "end": STATION, "end_name": "Station 2"}
    with begin(pool, running.clock) as work:
        desk = roster_desk(work, "kim", "Kim Lee")
        seen = read_roster(desk.rosters, CITY)[1].version
        change_entry(desk, CITY, "teams", "t1", given, seen)
    running.plan()
    return running


def shown(night: Running, team: str = "t1") -> Any:
    return next(one for one in night.shown()["teams"] if one["id"] == team)


def replan(night: Running) -> None:
    """Plan, and accept what is proposed."""
    night.plan()
    proposal = night.proposal()
    if proposal:
        night.accept(proposal.id)


def states(night: Running) -> list[str]:
    return [one["state"] for one in shown(night)["breaks"]]


def test_the_roster_s_break_and_end_are_in_the_plan_and_on_the_board(night: Running) -> None:
    rests = night.evening().rests["t1"]
    (pause,) = rests.pauses
    assert (pause.starts_at, pause.ends_at) == (at(60), at(80))
    assert rests.back_at is not None
    assert rests.back_at <= at(240)
    stops = night.evening().routes["t1"]
    assert all(stop.leaves_at <= at(60) or stop.arrives_at >= at(80) for stop in stops)
    team = shown(night)
    assert states(night) == ["planned"]
    assert (team["end"]["name"], team["end"]["lat"]) == ("Station 2", 34.15)
    assert shown(night, "t2")["breaks"] == []


def test_a_plan_stored_before_there_were_breaks_is_still_read(night: Running, pool: Pool) -> None:
    with pool.connection() as conn:
        conn.execute("update routes set rests = '{}'")
        conn.execute("update teams set breaks = breaks #- '{0,minutes}' where id = 't1'")
    assert night.evening().rests == {}
    assert night.evening().teams[0].breaks[0].minutes == 20
    assert shown(night)["breaks"] == []


def test_a_break_that_was_taken_is_not_planned_again(night: Running) -> None:
    night.do("open_night")
    night.plan()
    assert states(night) == ["planned"]
    night.clock.at = at(30)
    night.do("break_start", "t1")
    assert states(night) == ["now"]
    replan(night)
    assert states(night) == ["now"]
    assert shown(night)["breaks"][0]["ends_at"] == at(50).isoformat().replace("+00:00", "Z")
    first = night.evening().routes["t1"]
    assert all(stop.arrives_at >= at(50) for stop in first)
    night.clock.at = at(50)
    night.do("break_end", "t1")
    replan(night)
    assert states(night) == ["taken"]
    assert night.evening().rests["t1"].pauses == ()
    night.clock.at = at(58)
    night.do("arrived", "t1")
    replan(night)
    assert states(night) == ["taken"]


def test_a_break_that_is_undone_is_due_again(night: Running) -> None:
    night.do("open_night")
    night.plan()
    night.clock.at = at(30)
    begun = night.do("break_start", "t1")
    night.plan()
    night.undo(begun)
    night.plan()
    (pause,) = night.evening().rests["t1"].pauses
    assert (pause.starts_at, pause.ends_at) == (at(60), at(80))
    assert states(night) == ["planned"]


def test_a_break_whose_time_has_passed_is_taken_as_soon_as_the_team_is_free(
    night: Running,
) -> None:
    night.do("open_night")
    night.plan()
    night.clock.at = at(58)
    night.do("arrived", "t1")
    night.clock.at = at(66)
    replan(night)
    (pause,) = night.evening().rests["t1"].pauses
    assert at(66) < pause.starts_at <= at(90)
    assert pause.ends_at - pause.starts_at >= timedelta(minutes=20)


def test_the_team_s_phone_shows_the_break_and_where_to_end(night: Running, pool: Pool) -> None:
    with pool.connection() as conn:
        found = phone_view(conn, CITY, "t1")
    assert found is not None
    (pause,) = found.breaks
    assert (pause.starts_at, pause.state) == (at(60), "planned")
    assert found.end is not None
    assert found.end.name == "Station 2"
