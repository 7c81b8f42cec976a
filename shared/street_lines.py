"""Makes a city's street lines from an OSM extract or a GeoJSON file. Commands use it."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

try:
    import osmium
except ImportError:  # an optional package: only extracts need it
    osmium = None  # type: ignore[assignment]  # asked for before use

# How important a street is, 0 the most; what is not named here (paths, drives) is left out.
RANKS: Mapping[str, int] = {
    "motorway": 0,
    "trunk": 0,
    "primary": 1,
    "secondary": 2,
    "tertiary": 2,
    "motorway_link": 2,
    "trunk_link": 2,
    "primary_link": 2,
    "residential": 3,
    "unclassified": 3,
    "living_street": 3,
    "pedestrian": 3,
}
LEAST = 3
_NAMES = ("name", "fullname", "full_name", "streetname", "street_name", "st_name", "label")
Line = list[tuple[float, float]]


class StreetsRefused(Exception):
    """The file cannot be used; the words are for whoever ran the command."""


@dataclass(frozen=True, slots=True)
class Street:
    """One line of a street, in degrees east and north."""

    name: str
    rank: int
    line: Line


def read_streets(path: Path) -> Iterator[Street]:
    """The streets in a file, by its ending."""
    if path.name.endswith((".geojson", ".json")):
        return _from_geojson(path)
    if path.name.endswith((".osm.pbf", ".osm", ".osm.bz2", ".osm.gz")):
        return _from_extract(path)
    raise StreetsRefused(f"{path.name} is neither an .osm.pbf nor a .geojson file.")


def pack(streets: Iterator[Street]) -> tuple[bytes, int]:
    """The streets as gzipped GeoJSON, and how many there are."""
    features = [_feature(street) for street in streets if len(street.line) > 1]
    document = {"type": "FeatureCollection", "features": features}
    return gzip.compress(orjson.dumps(document), 9, mtime=0), len(features)


def _from_extract(path: Path) -> Iterator[Street]:
    if osmium is None:
        raise StreetsRefused(
            "Reading an OpenStreetMap extract needs the package osmium:"
            " run `.venv/bin/uv pip install osmium`, then this command again."
        )
    try:
        ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for way in ways:
            if not isinstance(way, osmium.osm.Way):
                continue
            rank = RANKS.get(way.tags.get("highway") or "")
            if rank is not None:
                line = [(n.lon, n.lat) for n in way.nodes if n.location.valid()]
                yield Street(way.tags.get("name") or "", rank, line)
    except RuntimeError as fault:
        raise StreetsRefused(f"{path.name} cannot be read: {fault}.") from fault


def _from_geojson(path: Path) -> Iterator[Street]:
    try:
        features = json.loads(path.read_text())["features"]
        for feature in features:
            known = {key.lower(): value for key, value in (feature["properties"] or {}).items()}
            name = next((str(known[key]) for key in _NAMES if known.get(key)), "")
            rank = RANKS.get(str(known.get("highway", "")), known.get("rank", LEAST))
            for line in _lines(feature["geometry"]):
                yield Street(name, int(rank), [(float(x), float(y)) for x, y, *_ in line])
    except (ValueError, KeyError, TypeError) as fault:
        raise StreetsRefused(f"{path.name} is not GeoJSON with lines: {fault}.") from fault


def _lines(geometry: Any) -> list[Any]:
    if geometry is None:
        return []
    lines = {"LineString": [geometry["coordinates"]], "MultiLineString": geometry["coordinates"]}
    return list(lines.get(geometry["type"], []))


def _feature(street: Street) -> Mapping[str, object]:
    line = [(round(lon, 5), round(lat, 5)) for lon, lat in street.line]
    return {
        "type": "Feature",
        "properties": {"name": street.name, "rank": street.rank},
        "geometry": {"type": "LineString", "coordinates": line},
    }
