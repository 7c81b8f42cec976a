"""The window that a host is told."""

from datetime import datetime, timedelta

from services.dispatch.domain.told import Told, window_to_tell
from tests.dispatch.builders import at


def minutes(window: tuple[datetime, datetime]) -> tuple[float, float]:
    opens, closes = ((moment - at(0)) / timedelta(minutes=1) for moment in window)
    return opens, closes


def test_it_runs_from_ten_minutes_before_to_twenty_after_the_rounded_arrival() -> None:
    assert minutes(window_to_tell(at(62), at(0), at(240))) == (50, 80)
    assert minutes(window_to_tell(at(63), at(0), at(240))) == (55, 85)


def test_it_never_leaves_the_party_s_own_window() -> None:
    assert minutes(window_to_tell(at(61), at(60), at(75))) == (60, 75)


def test_it_stays_as_told_while_the_arrival_still_falls_into_it() -> None:
    told = Told(1, "t1", "Team", opens=at(50), closes=at(80), arrives_at=at(60))
    assert minutes(window_to_tell(at(79), at(0), at(240), told)) == (50, 80)
    assert minutes(window_to_tell(at(81), at(0), at(240), told)) == (70, 100)


def test_it_changes_when_the_party_s_own_window_no_longer_holds_it() -> None:
    told = Told(1, "t1", "Team", opens=at(50), closes=at(80), arrives_at=at(60))
    assert minutes(window_to_tell(at(70), at(60), at(240), told)) == (60, 90)


def test_the_planned_minute_alone_is_no_news() -> None:
    told = Told(1, "t1", "Team", opens=at(50), closes=at(80), arrives_at=at(60))
    moved = Told(1, "t1", "Team", opens=at(50), closes=at(80), arrives_at=at(70))
    assert told.says_the_same(moved)
    assert not told.says_the_same(Told(1, reason="no_time_left"))
