"""The port `TravelTimes` by great circle, detour factor and speed: an estimate without a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.dispatch.domain.evening import Place
from services.dispatch.ports.planning import Times

Seconds = npt.NDArray[np.int32]

EARTH_METRES = 6_371_000.0


WORTH_KEEPING = 0.5
"""Share of the places that must have been asked for before; of fewer it is no use to remember."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The newest answer, and each place's row in it."""

    rows: Mapping[Place, int]
    seconds: Seconds


class GreatCircle:
    """Driving is taken to be `detour` times the straight way, at `km_per_hour`.

    It remembers its newest answer: parties stay where they are while teams move. Threads may share
    it.
    """

    def __init__(self, detour: float = 1.4, km_per_hour: float = 32.0, note: str = "") -> None:
        self._seconds_per_metre = detour * 3.6 / km_per_hour
        self._note = note
        self._known = _Known({}, np.zeros((0, 0), dtype=np.int32))

    def times(self, places: Sequence[Place]) -> Times:
        """Estimated driving times, without a warning of their own: they are what was asked for."""
        return Times(self.matrix(places), self._note)

    def matrix(self, places: Sequence[Place]) -> Seconds:
        """Seconds between all places, rounded up."""
        known = self._known
        rows = np.array([known.rows.get(place, -1) for place in places], dtype=np.intp)
        fresh = np.flatnonzero(rows < 0)
        if len(fresh) > (1 - WORTH_KEEPING) * len(places):
            seconds = self._ways(places, places)
        elif not len(fresh) and np.array_equal(rows, np.arange(len(known.seconds))):
            return known.seconds
        else:
            # Rows of places that are new are wrong at first: their -1 stands for the last one.
            seconds = known.seconds[np.ix_(rows, rows)]
            ways = self._ways([places[row] for row in fresh.tolist()], places)
            seconds[fresh], seconds[:, fresh] = ways, ways.T
        seconds.setflags(write=False)
        self._known = _Known({place: row for row, place in enumerate(places)}, seconds)
        return seconds

    def _ways(self, origins: Sequence[Place], targets: Sequence[Place]) -> Seconds:
        there, here = _radians(origins), _radians(targets)
        half_lat = np.sin((there[0][:, None] - here[0][None, :]) / 2) ** 2
        half_lon = np.sin((there[1][:, None] - here[1][None, :]) / 2) ** 2
        chord = half_lat + np.cos(there[0])[:, None] * np.cos(here[0])[None, :] * half_lon
        metres = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
        seconds: Seconds = np.ceil(metres * self._seconds_per_metre).astype(np.int32)
        return seconds


def _radians(places: Sequence[Place]) -> npt.NDArray[np.float64]:
    degrees = np.array([(p.lat, p.lon) for p in places], dtype=float).reshape(-1, 2)
    radians: npt.NDArray[np.float64] = np.radians(degrees).T
    return radians
