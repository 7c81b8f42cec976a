"""Reads addresses, streets and corners from an OpenStreetMap extract. `addresses load` uses it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from services.registration.adapters.address_files import (
    AddressesRefused,
    AddressPoint,
    address_point,
)
from services.registration.domain.geography import Point
from services.registration.domain.streets import Street, read_street

try:
    import osmium
except ImportError:  # an optional package: only extracts need it
    osmium = None  # type: ignore[assignment]  # asked for before use

_DRIVEN = frozenset(
    (
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "residential",
        "unclassified",
        "living_street",
        "pedestrian",
        "service",
    )
)


@dataclass(frozen=True, slots=True)
class Corner:
    """Where two streets meet; `apart` is how far from it that is known, in metres."""

    one: Street
    other: Street
    point: Point
    apart: float = 0.0


@dataclass(slots=True)
class Found:
    """What a file holds: addresses, corners, and streets with a label and a point on each."""

    points: list[AddressPoint] = field(default_factory=list)
    corners: list[Corner] = field(default_factory=list)
    streets: dict[Street, tuple[str, Point]] = field(default_factory=dict)
    refused: int = 0


def read_extract(path: Path) -> Found:
    """Everything in the extract that addresses are looked up by."""
    if osmium is None:
        raise AddressesRefused(
            "Reading an OpenStreetMap extract needs the package osmium:"
            " run `.venv/bin/uv pip install osmium`, then this command again."
        )
    found = Found()
    meeting: dict[Point, set[Street]] = defaultdict(set)
    try:
        for thing in osmium.FileProcessor(str(path)).with_locations():
            if isinstance(thing, osmium.osm.Node) and "addr:housenumber" in thing.tags:
                _take(found, thing.tags, Point(thing.location.lat, thing.location.lon))
            elif isinstance(thing, osmium.osm.Way):
                _way(found, thing, meeting)
    except RuntimeError as fault:
        raise AddressesRefused(f"{path.name} cannot be read: {fault}.") from fault
    for point, streets in meeting.items():
        found.corners += [Corner(a, b, point) for a, b in combinations(sorted(streets, key=str), 2)]
    return found


def _way(found: Found, way: Any, meeting: Mapping[Point, set[Street]]) -> None:
    line = [Point(n.location.lat, n.location.lon) for n in way.nodes if n.location.valid()]
    if not line:
        return
    if "addr:housenumber" in way.tags:
        _take(found, way.tags, _middle(line))
    name = way.tags.get("name") or ""
    street = read_street(name)
    if way.tags.get("highway") not in _DRIVEN or not street.name:
        return
    found.streets.setdefault(street, (name, line[len(line) // 2]))
    for point in line:
        meeting[point].add(street)


def _take(found: Found, tags: Any, point: Point) -> None:
    row = {
        "number": tags.get("addr:housenumber") or "",
        "street": tags.get("addr:street") or "",
        "lat": str(point.lat),
        "lon": str(point.lon),
    }
    taken = address_point(row)
    if taken:
        found.points.append(taken)
    else:
        found.refused += 1


def _middle(line: list[Point]) -> Point:
    return Point(sum(p.lat for p in line) / len(line), sum(p.lon for p in line) / len(line))
