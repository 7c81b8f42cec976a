"""A city's own words in PostgreSQL: every version kept, the newest holds. Main and pages use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Final

from psycopg.rows import class_row

from services.notify.adapters.own_words import Source, Sources
from shared.db import Connection, Pool

HOLDS_SECONDS = 2.0
"""So long a process may still use the words of before."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved version; `restored` says that the delivered words hold from then on."""

    id: int
    language: str
    template: str
    channel: str
    subject: str
    body: str
    version: str
    restored: bool
    saved_by: str
    saved_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is a version of."""
        return (self.template, self.channel, self.language)


class Wordings:
    """Reads through `pool`; what holds in a city is remembered for `seconds`."""

    def __init__(self, pool: Pool, seconds: float = HOLDS_SECONDS) -> None:
        self._pool = pool
        self._seconds = seconds
        self._lock = Lock()
        self._known: dict[str, tuple[float, Sources]] = {}

    def __call__(self, city: str) -> Sources:
        """What the city's staff has put in place of the delivered words."""
        with self._lock:
            until, found = self._known.get(city, (0.0, {}))
        if monotonic() < until:
            return found
        fresh = {s.key: Source(s.subject, s.body, s.version) for s in self._newest(city)}
        with self._lock:
            self._known[city] = (monotonic() + self._seconds, fresh)
        return fresh

    def versions(self, city: str, template: str, channel: str, language: str) -> Sequence[Saved]:
        """Everything that was ever saved for this template, newest first."""
        values = (city, language, template, channel)
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(Saved)) as cursor:
            return cursor.execute(_VERSIONS, values).fetchall()

    def _newest(self, city: str) -> list[Saved]:
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(Saved)) as cursor:
            found = cursor.execute(_NEWEST, (city,)).fetchall()
        return [one for one in found if not one.restored]


@dataclass(frozen=True, slots=True)
class Place:
    """Which template's words: in which city, by which channel, in which language."""

    city: str
    template: str
    channel: str
    language: str


def keep_words(
    conn: Connection, place: Place, source: Source, who: str, now: datetime, *, restored: bool
) -> None:
    """Store a new version of the words; `restored` lets the delivered ones hold again."""
    version = sha256(f"{source.subject}\n{source.body}".encode()).hexdigest()[:8]
    words = (source.subject, source.body, version, restored)
    key = (place.city, place.language, place.template, place.channel)
    conn.execute(_KEEP, (*key, *words, who, now))


_COLUMNS: Final = """id, language, template, channel, subject, body, version, restored, saved_by,
    saved_at"""
_NEWEST: Final = f"""
select distinct on (language, template, channel) {_COLUMNS}
from wordings where city = %s
order by language, template, channel, id desc
"""
_VERSIONS: Final = f"""
select {_COLUMNS} from wordings
where city = %s and language = %s and template = %s and channel = %s
order by id desc limit 50
"""
_KEEP: Final = """
insert into wordings (city, language, template, channel, subject, body, version, restored,
    saved_by, saved_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
