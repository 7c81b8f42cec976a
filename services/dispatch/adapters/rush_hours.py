"""The port `TravelTimes` with slower streets at some hours, by a factor of speed. For `main`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

import numpy as np

from services.dispatch.domain.evening import Place
from services.dispatch.domain.problem import NO_WAY, Hours, Matrix
from services.dispatch.ports.planning import Times, TravelTimes

SPEEDS = (0.1, 3.0)
FORM = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d) +(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class RushHour:
    """Between two times of the day, by the city's clocks, `speed` times the usual speed."""

    opens: time
    closes: time
    speed: float


class RushHours:
    """The usual times from elsewhere, and for each rush hour the same at its own speed."""

    def __init__(self, usual: TravelTimes, hours: Sequence[RushHour]) -> None:
        self._usual = usual
        self._hours = hours

    def times(self, places: Sequence[Place]) -> Times:
        """Driving times by hour."""
        usual = self._usual.times(places)
        hours = tuple(Hours(h.opens, h.closes, _at(usual.seconds, h.speed)) for h in self._hours)
        return Times(usual.seconds, usual.note, hours)


def rush_hours(written: str) -> tuple[RushHour, ...]:
    """Rush hours as they are written in the settings, such as `17:00-18:30 0.8, 18:30-19:00 0.9`.

    Raises ValueError with a sentence about what is wrong.
    """
    hours = sorted((_hour(part.strip()) for part in written.split(",") if part.strip()), key=_opens)
    for one, after in pairwise(hours):
        if one.closes <= one.opens or after.opens < one.closes:
            raise ValueError(f"the hours from {one.opens:%H:%M} and {after.opens:%H:%M} overlap")
    if hours and hours[-1].closes <= hours[-1].opens and hours[-1].closes > hours[0].opens:
        raise ValueError(f"the hours from {hours[-1].opens:%H:%M} overlap the first ones")
    return tuple(hours)


def _opens(hour: RushHour) -> time:
    return hour.opens


def _hour(written: str) -> RushHour:
    found = FORM.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is not like 17:00-18:30 0.8")
    opens, closes = (time.fromisoformat(clock) for clock in found.groups()[:2])
    speed = float(found[3])
    if opens == closes:
        raise ValueError(f"{written!r} ends when it begins")
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise ValueError(f"{written!r} has a speed that is not between {SPEEDS[0]} and {SPEEDS[1]}")
    return RushHour(opens, closes, speed)


def _at(usual: Matrix, speed: float) -> Matrix:
    seconds = np.asarray(usual)
    slower = np.ceil(seconds / speed).astype(np.int32)
    matrix: Matrix = np.where(seconds >= NO_WAY, np.int32(NO_WAY), slower)
    return matrix
