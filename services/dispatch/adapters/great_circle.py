"""The port `TravelTimes` by great circle, detour factor and speed: an estimate without a map."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.dispatch.domain.evening import Place
from services.dispatch.ports.planning import Times

EARTH_METRES = 6_371_000.0


class GreatCircle:
    """Driving is taken to be `detour` times the straight way, at `km_per_hour`."""

    def __init__(self, detour: float = 1.4, km_per_hour: float = 32.0, note: str = "") -> None:
        self._seconds_per_metre = detour * 3.6 / km_per_hour
        self._note = note

    def times(self, places: Sequence[Place]) -> Times:
        """Estimated driving times, without a warning of their own: they are what was asked for."""
        return Times(self.matrix(places), self._note)

    def matrix(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Seconds between all places, rounded up."""
        degrees = np.array([(p.lat, p.lon) for p in places], dtype=float).reshape(-1, 2)
        lat, lon = np.radians(degrees).T
        half_lat = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
        half_lon = np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
        chord = half_lat + np.cos(lat)[:, None] * np.cos(lat)[None, :] * half_lon
        metres = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
        seconds: npt.NDArray[np.int32] = np.ceil(metres * self._seconds_per_metre).astype(np.int32)
        return seconds
