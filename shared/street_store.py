"""Keeps each city's street lines, ready for the map. The console and `streets` use it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.db import Pool


@dataclass(frozen=True, slots=True)
class StreetSource:
    """Which streets a city has: whose work they are and when they were made."""

    attribution: str
    made: int


class StreetStore:
    """Street lines by city, as gzipped GeoJSON. Threads may share it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def source(self, city: str) -> StreetSource | None:
        """What is known of the city's streets; None where none were loaded."""
        with self._pool.connection() as conn:
            row: Any = conn.execute(
                "select attribution, extract(epoch from made_at)::bigint from streets"
                " where city = %s",
                (city,),
            ).fetchone()
        return StreetSource(str(row[0]), int(row[1])) if row else None

    def lines(self, city: str) -> bytes | None:
        """The city's streets."""
        with self._pool.connection() as conn:
            row: Any = conn.execute("select lines from streets where city = %s", (city,)).fetchone()
        return bytes(row[0]) if row else None

    def keep(self, city: str, lines: bytes, attribution: str, made_at: datetime) -> None:
        """Keep these streets in place of those before."""
        with self._pool.connection() as conn:
            conn.execute(
                "insert into streets (city, lines, attribution, made_at) values (%s, %s, %s, %s)"
                " on conflict (city) do update set lines = excluded.lines,"
                " attribution = excluded.attribution, made_at = excluded.made_at",
                (city, lines, attribution, made_at),
            )
