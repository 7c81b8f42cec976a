"""The city book in PostgreSQL, and the web processes' short memory of it."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from services.registration.domain.city import City
from services.registration.domain.city_change import Author, Way
from services.registration.domain.city_file import read_city
from shared.db import Connection, Pool

_REVALIDATE_SECONDS = 1.0


class PostgresCityBook:
    """A `CityBook` inside the transaction that `conn` is in; keeps the file's own text."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def find(self, slug: str) -> tuple[City, int] | None:
        """The city and its revision, kept from other changes until the transaction ends."""
        row = self._conn.execute(
            "select source, revision from cities where slug = %s for update", (slug,)
        ).fetchone()
        return (read_city(str(row[0])), int(str(row[1]))) if row else None

    def keep(self, city: City, source: str, revision: int, now: datetime, author: Author) -> None:
        """Store the settings as they now are, and in their history."""
        self._conn.execute(
            "insert into cities (slug, revision, source, configured_at) values (%s, %s, %s, %s)"
            " on conflict (slug) do update set revision = excluded.revision,"
            " source = excluded.source, configured_at = excluded.configured_at",
            (city.slug, revision, source, now),
        )
        self._conn.execute(
            "insert into city_history (city, revision, source, changed_at, changed_by, way)"
            " values (%s, %s, %s, %s, %s, %s)",
            (city.slug, revision, source, now, author.name, author.way),
        )

    def last_author(self, slug: str) -> Author | None:
        """Who changed the settings last."""
        row: Any = self._conn.execute(
            "select changed_by, way from city_history where city = %s"
            " order by revision desc limit 1",
            (slug,),
        ).fetchone()
        return Author(*row) if row else None


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of a city's settings, with who made it when."""

    revision: int
    source: str
    changed_at: datetime
    changed_by: str
    way: Way


def editions(conn: Connection, slug: str, most: int = 100) -> list[Edition]:
    """The newest texts of the city's settings, newest first."""
    with conn.cursor(row_factory=class_row(Edition)) as cursor:
        return cursor.execute(
            "select revision, source, changed_at, changed_by, way from city_history"
            " where city = %s order by revision desc limit %s",
            (slug, most),
        ).fetchall()


class CityMemory:
    """All cities, asked for again after a second; a file is read again only if it changed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, City]] = {}
        self._fresh_until = 0.0

    def find(self, slug: str) -> City | None:
        """The city's settings; one that was just added is found at once."""
        self._revalidate()
        if slug not in self._known:
            self.forget()
            self._revalidate()
        found = self._known.get(slug)
        return found[1] if found else None

    def all(self) -> list[City]:
        """Every city, by name."""
        self._revalidate()
        return sorted((city for _, city in self._known.values()), key=lambda c: c.name)

    def forget(self) -> None:
        """Ask the database again at the next question."""
        self._fresh_until = 0.0

    def _revalidate(self) -> None:
        if time.monotonic() < self._fresh_until:
            return
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                self._known = self._read()
                self._fresh_until = time.monotonic() + _REVALIDATE_SECONDS

    def _read(self) -> dict[str, tuple[int, City]]:
        with self._pool.connection() as conn:
            rows = conn.execute("select slug, revision from cities").fetchall()
            newest = {str(slug): int(str(revision)) for slug, revision in rows}
            stale = [s for s, r in newest.items() if self._known.get(s, (0,))[0] != r]
            sources = (
                conn.execute(
                    "select slug, revision, source from cities where slug = any(%s)", (stale,)
                ).fetchall()
                if stale
                else []
            )
        kept = {s: known for s, known in self._known.items() if s in newest and s not in stale}
        return kept | {str(s): (int(str(r)), read_city(str(text))) for s, r, text in sources}
