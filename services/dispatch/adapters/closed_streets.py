"""The streets that a city closes, from a GeoJSON file of areas. For `main` and `StreetTimes`."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any

import orjson

from services.dispatch.domain.evening import Place
from shared.logs import log

METRES_PER_DEGREE = 111_320.0

Ring = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Closures:
    """Areas whose streets nobody drives; `note` says what is wrong with the file, if anything."""

    rings: tuple[Ring, ...] = ()
    note: str = ""

    def near(self, place: Place, metres: float) -> bool:
        """Whether a place lies in the box around a closed area, or so near to it."""
        return any(_within(ring, place, metres) for ring in self.rings)


class ClosedStreets:
    """Reads the file again whenever it has changed; without a file nothing is closed."""

    def __init__(self, path: str = "") -> None:
        self._path = Path(path) if path else None
        self._stamp: tuple[int, int] | None = None
        self._read = Closures()
        self._reading = threading.Lock()

    def now(self) -> Closures:
        """What is closed; a file that is no good closes nothing and gives a note."""
        if self._path is None:
            return self._read
        with self._reading:
            try:
                found = self._path.stat()
                if (found.st_mtime_ns, found.st_size) != self._stamp:
                    self._read = Closures(tuple(_rings(orjson.loads(self._path.read_bytes()))))
                    self._stamp = (found.st_mtime_ns, found.st_size)
            except (OSError, ValueError) as fault:
                self._read = Closures(note=_complaint(self._path, fault))
                self._stamp = None
                log().warning("closed streets are not heeded", fault=str(fault))
            return self._read


def _complaint(path: Path, fault: Exception) -> str:
    why = "cannot be read" if isinstance(fault, OSError) else f"is no good: {fault}"
    return f"Closed streets are not heeded: the file {path.name} {why}."


def _rings(thing: Any) -> Iterator[Ring]:
    """The outlines in any GeoJSON object; raises ValueError for what is none."""
    if not isinstance(thing, dict):
        raise ValueError("it holds no GeoJSON object")
    match thing.get("type"):
        case "FeatureCollection":
            for feature in _listed(thing.get("features")):
                yield from _rings(feature)
        case "Feature":
            yield from _rings(thing.get("geometry"))
        case "GeometryCollection":
            for part in _listed(thing.get("geometries")):
                yield from _rings(part)
        case "Polygon":
            yield _ring(thing.get("coordinates"))
        case "MultiPolygon":
            for part in _listed(thing.get("coordinates")):
                yield _ring(part)
        case other:
            raise ValueError(f"only areas (Polygon, MultiPolygon) can be closed, not {other}")


def _ring(coordinates: Any) -> Ring:
    """The outer outline; holes are closed with the rest."""
    outlines = _listed(coordinates)
    ring = tuple(_place(point) for point in _listed(outlines[0] if outlines else None))
    if len(set(ring)) < 3:
        raise ValueError("an area has fewer than three corners")
    return ring


def _place(point: Any) -> Place:
    numbers = _listed(point)[:2]
    good = len(numbers) == 2 and all(isinstance(n, int | float) and isfinite(n) for n in numbers)
    if not good or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        raise ValueError(f"{point} is not a point (longitude, latitude)")
    return Place(float(numbers[1]), float(numbers[0]))


def _listed(thing: Any) -> Sequence[Any]:
    if not isinstance(thing, list):
        raise ValueError("a list is missing")
    return thing


def _within(ring: Iterable[Place], place: Place, metres: float) -> bool:
    lats, lons = [p.lat for p in ring], [p.lon for p in ring]
    high = metres / METRES_PER_DEGREE
    wide = high / max(0.01, cos(radians(place.lat)))
    inside = min(lats) - high <= place.lat <= max(lats) + high
    return inside and min(lons) - wide <= place.lon <= max(lons) + wide
