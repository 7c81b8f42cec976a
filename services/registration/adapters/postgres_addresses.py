"""Keeps a city's addresses, streets and corners for looking up. `addresses load` fills it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.registration.adapters.address_extract import Corner, Found
from services.registration.adapters.address_files import AddressPoint
from services.registration.domain.geography import Point
from services.registration.domain.streets import Street
from shared.db import Connection, Pool

Progress = Callable[[int, int], None]
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """What was loaded from one kind of file, and when."""

    source: str
    streets: int
    points: int
    crossings: int
    loaded_at: datetime


class AddressStore:
    """Addresses by city and kind of file. Threads may share it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def replace(
        self, city: str, source: str, found: Found, now: datetime, progress: Progress
    ) -> Source:
        """Keep what was found in place of what an earlier file of this kind held."""
        streets = _streets(found)
        with self._pool.connection() as conn:
            conn.execute(
                "delete from address_streets where city = %s and source = %s", (city, source)
            )
            numbers = _enter_streets(conn, city, source, streets)
            _enter_points(conn, numbers, found.points, progress)
            _enter_corners(conn, numbers, found.corners)
            counts = (len(streets), len(found.points), len(found.corners))
            conn.execute(
                "insert into address_sources"
                " (city, source, attribution, streets, points, crossings, loaded_at)"
                " values (%s, %s, '', %s, %s, %s, %s) on conflict (city, source) do update"
                " set streets = excluded.streets, points = excluded.points,"
                " crossings = excluded.crossings, loaded_at = excluded.loaded_at",
                (city, source, *counts, now),
            )
        with self._pool.connection() as conn:
            conn.autocommit = True
            for table in ("address_streets", "address_points", "address_crossings"):
                conn.execute(f"analyze {table}".encode())
            conn.autocommit = False
        return Source(source, *counts, now)

    def sources(self, city: str) -> list[Source]:
        """What the city's addresses were loaded from."""
        with self._pool.connection() as conn:
            rows: Any = conn.execute(
                "select source, streets, points, crossings, loaded_at from address_sources"
                " where city = %s order by source",
                (city,),
            ).fetchall()
        return [Source(*row) for row in rows]


def _streets(found: Found) -> dict[Street, tuple[str, Point]]:
    streets = dict(found.streets)
    for point in found.points:
        streets.setdefault(point.street, (point.label, point.point))
    for corner in found.corners:
        for street in (corner.one, corner.other):
            streets.setdefault(street, (str(street).title(), corner.point))
    return streets


def _enter_streets(
    conn: Connection, city: str, source: str, streets: dict[Street, tuple[str, Point]]
) -> dict[Street, int]:
    fields = "city, source, direction, name, kind, label, lat, lon"
    with (
        conn.cursor() as cursor,
        cursor.copy(f"copy address_streets ({fields}) from stdin".encode()) as copy,
    ):
        for street, (label, at) in streets.items():
            words = (street.direction, street.name, street.kind)
            copy.write_row((city, source, *words, label, at.lat, at.lon))
    rows: Any = conn.execute(
        "select id, direction, name, kind from address_streets where city = %s and source = %s",
        (city, source),
    ).fetchall()
    return {Street(*words): number for number, *words in rows}


def _enter_points(
    conn: Connection,
    numbers: dict[Street, int],
    points: Sequence[AddressPoint],
    progress: Progress,
) -> None:
    fields = "street_id, number, lat, lon"
    for start in range(0, len(points), _CHUNK):
        chunk = points[start : start + _CHUNK]
        rows = ((numbers[p.street], p.number, p.point.lat, p.point.lon) for p in chunk)
        _copy(conn, f"copy address_points ({fields}) from stdin", rows)
        progress(start + len(chunk), len(points))


def _enter_corners(conn: Connection, numbers: dict[Street, int], corners: Sequence[Corner]) -> None:
    fields = "one, other, lat, lon, apart"
    rows = ((numbers[c.one], numbers[c.other], c.point.lat, c.point.lon, c.apart) for c in corners)
    _copy(conn, f"copy address_crossings ({fields}) from stdin", rows)


def _copy(conn: Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with conn.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
