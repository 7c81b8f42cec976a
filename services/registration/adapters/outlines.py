"""The outlines of a city's areas, beats and districts: read from GeoJSON, kept, looked up.

`areas load` reads and keeps them; the front desk and imports look up, in memory.
"""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.validation import explain_validity

from services.registration.domain.geography import Point
from services.registration.domain.places import LAYERS, Around, Layer
from shared.db import Pool

REVALIDATE_SECONDS = 1.0
_ERRAND_SECONDS = 3600.0
_SHAPES = ("Polygon", "MultiPolygon")


class OutlinesRefused(Exception):
    """The file cannot be used; the words are for whoever ran the command."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One part of a city: its code, its name, its shape in degrees east and north."""

    code: str
    name: str
    shape: shapely.Geometry


def read_outlines(path: Path, code_field: str, name_field: str) -> list[Outline]:
    """The polygons of a GeoJSON file; raises `OutlinesRefused` with everything that is wrong."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (ValueError, KeyError, TypeError) as fault:
        raise OutlinesRefused(f"{path.name} is not a GeoJSON collection of polygons.") from fault
    found: list[Outline] = []
    wrong: list[str] = []
    for number, feature in enumerate(features, 1):
        outline = _outline(feature, number, code_field, name_field)
        if isinstance(outline, Outline):
            found.append(outline)
        else:
            wrong.append(outline)
    if wrong:
        more = f" … and {len(wrong) - 10} more." if len(wrong) > 10 else ""
        raise OutlinesRefused("\n".join([f"{path.name}:", *wrong[:10]]) + more)
    if not found:
        raise OutlinesRefused(f"{path.name} holds no polygons.")
    return found


def _outline(feature: Any, number: int, code_field: str, name_field: str) -> Outline | str:
    known = feature.get("properties") or {}
    if known.get(code_field) in (None, ""):
        fields = ", ".join(sorted(known)) or "none"
        return f"Feature {number} has no field {code_field!r}; its fields are {fields}."
    code = str(known[code_field]).strip()
    kind = (feature.get("geometry") or {}).get("type", "nothing")
    if kind not in _SHAPES:
        return f"Feature {number} ({code}) is a {kind}, not a polygon."
    try:
        polygon = shapely.force_2d(shape(feature["geometry"]))
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return f"Feature {number} ({code}) has coordinates that cannot be read."
    if not polygon.is_valid:
        return f"Feature {number} ({code}) is not a valid polygon: {explain_validity(polygon)}."
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return f"Feature {number} ({code}) is not in degrees; save the file as WGS 84 (EPSG:4326)."
    return Outline(code, str(known.get(name_field) or code).strip(), polygon)


def keep_outlines(
    pool: Pool, city: str, layer: Layer, outlines: Sequence[Outline], now: datetime
) -> None:
    """Keep these outlines in place of the layer's former ones."""
    with pool.connection() as conn, conn.cursor() as cursor:
        cursor.execute("delete from outlines where city = %s and layer = %s", (city, layer))
        cursor.executemany(
            "insert into outlines (city, layer, position, code, name, shape)"
            " values (%s, %s, %s, %s, %s, %s)",
            [
                (city, layer, place, one.code, one.name, shapely.to_wkb(one.shape))
                for place, one in enumerate(outlines)
            ],
        )
        cursor.execute(
            "insert into outline_sources (city, layer, revision, loaded_at)"
            " values (%s, %s, nextval('outline_revisions'), %s) on conflict (city, layer)"
            " do update set revision = excluded.revision, loaded_at = excluded.loaded_at",
            (city, layer, now),
        )


class _LayerTree:
    """One layer of one city, ready for looking up."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._outlines = outlines
        self._tree = shapely.STRtree([one.shape for one in outlines])

    def at(self, place: Point) -> str:
        """The code of the outline that holds the place; on a border the file's first."""
        spot = shapely.Point(place.lon, place.lat)
        hits = self._tree.query(spot, predicate="intersects")
        return self._outlines[int(min(hits))].code if len(hits) else ""


class OutlineMemory:
    """An `Outlines` that asks the database again after a second. Threads may share it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[int, _LayerTree]] = {}
        self._fresh_until = 0.0

    def around(self, city: str, place: Point) -> Around:
        """The parts of the city in which the place lies."""
        self._revalidate()
        codes: dict[str, str] = {}
        for layer in LAYERS:
            known = self._known.get((city, layer))
            codes[layer] = known[1].at(place) if known else ""
        return Around(**codes)

    def refresh(self) -> None:
        """Read the outlines now, outside any transaction of this pool's only connection."""
        self._fresh_until = 0.0
        self._revalidate()
        self._fresh_until = time.monotonic() + _ERRAND_SECONDS

    def _revalidate(self) -> None:
        if time.monotonic() < self._fresh_until:
            return
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                self._known = self._read()
                self._fresh_until = time.monotonic() + REVALIDATE_SECONDS

    def _read(self) -> dict[tuple[str, str], tuple[int, _LayerTree]]:
        with self._pool.connection() as conn:
            rows: Any = conn.execute("select city, layer, revision from outline_sources").fetchall()
            found = {}
            for city, layer, revision in rows:
                known = self._known.get((city, layer))
                if known and known[0] == revision:
                    found[city, layer] = known
                    continue
                shapes: Any = conn.execute(
                    "select code, name, shape from outlines where city = %s and layer = %s"
                    " order by position",
                    (city, layer),
                ).fetchall()
                outlines = [Outline(c, n, shapely.from_wkb(bytes(wkb))) for c, n, wkb in shapes]
                found[city, layer] = (revision, _LayerTree(outlines))
        return found
