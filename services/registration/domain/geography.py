"""Points on the earth and how far apart they are. The domain uses it."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0
_METRES = 111_195.0  # in a degree of latitude


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lon: float


def km_between(one: Point, other: Point) -> float:
    """The great-circle distance in kilometres."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, radians(other.lon - one.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map between two meridians and two parallels."""

    west: float
    south: float
    east: float
    north: float

    def written(self) -> str:
        """As `read_box` reads it, to about a metre."""
        return f"{self.west:.5f},{self.south:.5f},{self.east:.5f},{self.north:.5f}"


def box_around(point: Point, metres: float) -> Box:
    """The box that reaches so far from the point to each side."""
    up = metres / _METRES
    aside = min(180.0, up / max(0.01, cos(radians(point.lat))))
    return Box(
        west=max(-180.0, point.lon - aside),
        south=max(-90.0, point.lat - up),
        east=min(180.0, point.lon + aside),
        north=min(90.0, point.lat + up),
    )


def read_box(text: str) -> Box | None:
    """The box written as `west,south,east,north`; None for any other text."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    box = Box(west, south, east, north)
    return box if -180 <= west <= east <= 180 and -90 <= south <= north <= 90 else None
