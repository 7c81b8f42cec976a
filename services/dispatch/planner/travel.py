"""Travel times between places, as the planner reads them: whole seconds, one square matrix."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from services.dispatch.planner.errors import InvalidProblem
from services.dispatch.planner.kernels.arrays import FAR

IntMatrix = npt.NDArray[np.int32]

UNREACHABLE = int(np.iinfo(np.int32).max)
"""Entry of a pair of places between which nobody can drive."""

LONGEST = 10**8
"""Times beyond this many seconds (three years) are a mistake in the data, not an evening."""


class Flat(NamedTuple):
    """Travel with one more place, nowhere, at no distance from all others; rows one after another.

    `back` is transposed. `least_in` and `least_out` are each place's shortest ways to it and from
    it, over all other places.
    """

    way: IntMatrix
    back: IntMatrix
    least_in: IntMatrix
    least_out: IntMatrix


class Travel:
    """An immutable (places, places) int32 matrix of seconds, possibly asymmetric.

    Rows are origins. Pairs without a connection hold UNREACHABLE.
    """

    seconds: IntMatrix

    def __init__(self, rows: npt.ArrayLike | Sequence[Sequence[float | None]]) -> None:
        """Take a square matrix of seconds; None marks a pair that cannot be driven.

        Fractions are rounded up, so that no plan is late by a rounding. Raises InvalidProblem
        for another shape and for NaN, infinite, negative or absurdly long times.
        """
        raw = _as_numbers(rows)
        if raw.ndim != 2 or raw.shape[0] != raw.shape[1]:
            raise InvalidProblem(f"travel times must be a square matrix, not {raw.shape}")
        _refuse_impossible(raw)
        matrix = raw if raw.dtype == np.int32 else np.ceil(raw)
        self.seconds = np.array(matrix, dtype=np.int32, order="C")
        np.fill_diagonal(self.seconds, 0)
        self.seconds.setflags(write=False)

    @property
    def places(self) -> int:
        """How many places the matrix covers."""
        return int(self.seconds.shape[0])

    def between(self, origin: int, target: int) -> int:
        """Return the seconds from one place to another, UNREACHABLE if there is no way."""
        return int(self.seconds[origin, target])

    @cached_property
    def flat(self) -> Flat:
        """The matrix as the kernels read it, made once: re-plans of an evening share it."""
        size = self.places
        way = np.zeros((size + 1, size + 1), dtype=np.int32)
        way[:size, :size] = self.seconds
        way[way == UNREACHABLE] = FAR
        others = way[:size, :size].copy()
        np.fill_diagonal(others, FAR)
        least_in, least_out = others.min(axis=0, initial=FAR), others.min(axis=1, initial=FAR)
        back = np.ascontiguousarray(way.T)
        return Flat(way.reshape(-1), back.reshape(-1), least_in, least_out)

    def __repr__(self) -> str:
        return f"Travel({self.places} places)"


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
