"""Local times become moments, and the two odd hours of the year are no surprise."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.registration.domain.civil_time import NoSuchTime, NotATime, Resolved, read_moment

HERE = ZoneInfo("America/Los_Angeles")
SUMMER = date(2027, 8, 3)
SPRING = date(2027, 3, 14)
AUTUMN = date(2027, 11, 7)


def _utc(day: int, hour: int, minute: int = 0, month: int = 8) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("18:00", _utc(4, 1)),
        ("2027-08-03T18:00", _utc(4, 1)),
        ("2027-08-03 18:00", _utc(4, 1)),
        ("2027-08-03T18:00-04:00", _utc(3, 22)),
        ("2027-08-03T18:00:00Z", _utc(3, 18)),
        (" 18:00 ", _utc(4, 1)),
    ],
)
def test_times_are_local_unless_they_carry_an_offset(text: str, moment: datetime) -> None:
    assert read_moment(text, SUMMER, HERE) == Resolved(moment)


@pytest.mark.parametrize("text", ["", "six", "25:00", "18", "2027-13-01T10:00", "18:00:", "T"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotATime):
        read_moment(text, SUMMER, HERE)


def test_the_far_ends_of_the_calendar_are_no_time_either() -> None:
    with pytest.raises(NotATime):
        read_moment("9999-12-31T23:00-12:00", SUMMER, HERE)
    with pytest.raises(NotATime):
        read_moment("0001-01-01T00:00+12:00", SUMMER, HERE)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(NoSuchTime):
        read_moment("02:30", SPRING, HERE)


def test_a_time_that_exists_twice_is_the_first_one_and_says_so() -> None:
    assert read_moment("01:30", AUTUMN, HERE) == Resolved(_utc(7, 8, 30, month=11), twice=True)


def test_an_offset_chooses_the_second_one() -> None:
    second = read_moment("2027-11-07T01:30-08:00", AUTUMN, HERE)
    assert second == Resolved(_utc(7, 9, 30, month=11))
