"""Local clock times of a city turned into UTC, with the two odd hours of the year made explicit.

The city's file and the checks of a registration use it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """A local time that the clocks skip on that day."""


class NotATime(ValueError):
    """A text that is neither HH:MM nor a date and time."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A moment in UTC; `twice` says that its local time exists twice and the first was taken."""

    moment: datetime
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time in UTC, `opens` before `closes`."""

    opens: datetime
    closes: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies within, ends included."""
        return self.opens <= moment <= self.closes

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return int((self.closes - self.opens).total_seconds() // 60)


def in_zone(local: datetime, zone: ZoneInfo) -> Resolved:
    """The moment that a naive local time means; the first one where it exists twice.

    Raises `NoSuchTime` where the clocks jump over it.
    """
    first = local.replace(tzinfo=zone, fold=0)
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(fold=0):
        raise NoSuchTime(f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {zone.key}")
    second = local.replace(tzinfo=zone, fold=1)
    return Resolved(moment, twice=second.utcoffset() != first.utcoffset())


def read_moment(text: str, day: date, zone: ZoneInfo) -> Resolved:
    """The moment in `text`: HH:MM on `day`, or a date and time; local unless it has an offset.

    Raises `NotATime` or `NoSuchTime`.
    """
    return _read(text.strip(), day, zone)


@lru_cache(maxsize=256)
def _read(text: str, day: date, zone: ZoneInfo) -> Resolved:
    """As `read_moment`; remembered, for a whole city asks for the same few times."""
    parsed = _parse(text, day)
    if parsed.tzinfo is None:
        return in_zone(parsed, zone)
    try:
        return Resolved(parsed.astimezone(UTC))
    except OverflowError as error:
        raise NotATime(f"{text[:40]!r} is not a time") from error


def _parse(text: str, day: date) -> datetime:
    try:
        if "T" in text or " " in text:
            return datetime.fromisoformat(text)
        if ":" in text:
            clock = time.fromisoformat(text)
            return datetime.combine(day, clock)
    except ValueError:
        pass
    raise NotATime(f"{text[:40]!r} is not a time")
