"""Travel times between places, as the planner reads them: whole seconds, one square matrix.

With time bands there is a matrix for each, and a drive takes the time of the band in which it
begins; but nobody arrives later for leaving earlier: a drive that would is over as soon as one
that begins with a later band (the rest of it is driven on emptier streets).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from services.dispatch.planner.errors import InvalidProblem
from services.dispatch.planner.kernels.arrays import FAR, Ints

IntMatrix = npt.NDArray[np.int32]

UNREACHABLE = int(np.iinfo(np.int32).max)
"""Entry of a pair of places between which nobody can drive."""

LONGEST = 10**8
"""Times beyond this many seconds (three years) are a mistake in the data, not an evening."""

Rows = npt.ArrayLike | Sequence[Sequence[float | None]]


class Flat(NamedTuple):
    """Travel with one more place, nowhere, at no distance from all others; rows one after another.

    `both` holds, side by side, the way to and the way from a place. `least_in` and `least_out` are
    each place's shortest ways to it and from it, over all other places. With bands, `way` is the
    shortest of all bands, `band_way` holds all bands, each of which begins at `band_from`.
    """

    way: IntMatrix
    both: IntMatrix
    least_in: IntMatrix
    least_out: IntMatrix
    bands: int
    band_from: Ints
    band_way: Ints


@dataclass(frozen=True, eq=False)
class Band:
    """The seconds of drives that begin at `begins` or later, until the next band begins."""

    begins: int
    seconds: IntMatrix


class Travel:
    """An immutable (places, places) int32 matrix of seconds, possibly asymmetric.

    Rows are origins. Pairs without a connection hold UNREACHABLE. `bands` hold from their
    beginnings on, `seconds` before the first of them.
    """

    seconds: IntMatrix
    bands: tuple[Band, ...]

    def __init__(self, rows: Rows, bands: Sequence[tuple[int, Rows]] = ()) -> None:
        """Take a square matrix of seconds; None marks a pair that cannot be driven.

        `bands` are (beginning in seconds, matrix), in the order of time. Fractions are rounded
        up, so that no plan is late by a rounding. Raises InvalidProblem for another shape or
        order and for NaN, infinite, negative or absurdly long times.
        """
        self.seconds = _matrix(rows)
        self.bands = tuple(Band(begins, _matrix(times)) for begins, times in bands)
        _refuse_disorder(self)

    @property
    def places(self) -> int:
        """How many places the matrix covers."""
        return int(self.seconds.shape[0])

    def between(self, origin: int, target: int, departs: int | None = None) -> int:
        """Return the seconds from one place to another, UNREACHABLE if there is no way.

        None departs before all bands.
        """
        usual = int(self.seconds[origin, target])
        if departs is None or not self.bands:
            return usual
        soonest = UNREACHABLE
        for band in reversed(self.bands):
            way = int(band.seconds[origin, target])
            wait = max(0, band.begins - departs)
            soonest = soonest if way == UNREACHABLE else min(soonest, wait + way)
            if band.begins <= departs:
                return soonest
        return min(soonest, usual)

    @cached_property
    def flat(self) -> Flat:
        """The matrix as the kernels read it, made once: re-plans of an evening share it."""
        ways = [_with_nowhere(self.seconds), *(_with_nowhere(band.seconds) for band in self.bands)]
        way = np.minimum.reduce(ways) if self.bands else ways[0]
        others = way[:-1, :-1].copy()
        np.fill_diagonal(others, FAR)
        least_in, least_out = others.min(axis=0, initial=FAR), others.min(axis=1, initial=FAR)
        both = np.stack((way.T, way), axis=-1).reshape(-1)
        begins = np.array([-FAR, *(band.begins for band in self.bands)], dtype=np.int32)
        every = np.concatenate(ways, axis=None) if self.bands else np.zeros(0, dtype=np.int32)
        bands = len(ways) if self.bands else 0
        return Flat(way.reshape(-1), both, least_in, least_out, bands, begins, every)

    def __repr__(self) -> str:
        bands = f", {len(self.bands)} time bands" if self.bands else ""
        return f"Travel({self.places} places{bands})"


def _matrix(rows: Rows) -> IntMatrix:
    raw = _as_numbers(rows)
    if raw.ndim != 2 or raw.shape[0] != raw.shape[1]:
        raise InvalidProblem(f"travel times must be a square matrix, not {raw.shape}")
    _refuse_impossible(raw)
    whole = raw if raw.dtype == np.int32 else np.ceil(raw)
    seconds: IntMatrix = np.array(whole, dtype=np.int32, order="C")
    np.fill_diagonal(seconds, 0)
    seconds.setflags(write=False)
    return seconds


def _with_nowhere(seconds: IntMatrix) -> IntMatrix:
    size = len(seconds)
    way = np.zeros((size + 1, size + 1), dtype=np.int32)
    way[:size, :size] = seconds
    way[way == UNREACHABLE] = FAR
    return way


def _as_numbers(rows: Any) -> npt.NDArray[Any]:
    if isinstance(rows, np.ndarray) and rows.dtype.kind in "iuf":
        return rows
    try:
        table = [[UNREACHABLE if cell is None else cell for cell in row] for row in rows]
        return np.array(table, dtype=np.float64).reshape(len(table), -1 if table else 0)
    except (TypeError, ValueError) as error:
        raise InvalidProblem(f"travel times must be a square matrix of numbers: {error}") from error


def _refuse_impossible(raw: npt.NDArray[Any]) -> None:
    with np.errstate(invalid="ignore"):
        good = (raw >= 0) & ((raw <= LONGEST) | (raw == UNREACHABLE))
    if not good.all():
        origin, target = (int(i) for i in np.argwhere(~good)[0])
        raise InvalidProblem(
            f"travel time from place {origin} to place {target} is {raw[origin, target]}; "
            "it must be a finite number of seconds, zero or more"
        )


def _refuse_disorder(travel: Travel) -> None:
    for band in travel.bands:
        if len(band.seconds) != travel.places:
            raise InvalidProblem(f"the time band from {band.begins} on covers other places")
        if not isinstance(band.begins, int) or abs(band.begins) > LONGEST:
            raise InvalidProblem(f"a time band begins at {band.begins}; whole seconds are needed")
    for band, after in pairwise(travel.bands):
        if after.begins <= band.begins:
            raise InvalidProblem(f"the time band from {after.begins} on is out of order")
