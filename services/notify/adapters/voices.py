"""A city's voice in PostgreSQL: read with the city, kept by its page and its API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from orjson import dumps
from psycopg.rows import class_row

from services.notify.domain.values import Named
from services.notify.domain.voice import AS_DELIVERED, Officer, Voice
from shared.db import Connection, Pool


def voice_of(settings: Mapping[str, Any] | None) -> Voice:
    """The voice as it is stored; what was not yet known then is as delivered."""
    if settings is None:
        return AS_DELIVERED
    known = {name: settings[name] for name in Voice.__slots__ if name in settings}
    for name in ("quiet_from", "quiet_until"):
        if name in known:
            known[name] = time.fromisoformat(known[name])
    if "confirm_days" in known:
        known["confirm_days"] = tuple(known["confirm_days"])
    if "officers" in known:
        known["officers"] = tuple(Officer(**one) for one in known["officers"])
    return Voice(**known)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A city whose voice is shown; `revision` is 0 while it is as delivered."""

    id: str
    name: str
    given_programme: str
    given_signature: str
    settle_seconds: int
    areas: tuple[Named, ...]
    voice: Voice
    revision: int
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    name: str
    given_programme: str
    given_signature: str
    settle_seconds: int
    areas: list[dict[str, str]]
    settings: dict[str, Any] | None
    revision: int
    changed_at: datetime | None
    changed_by: str


class Voices:
    """Reads and keeps voices through `pool`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def one(self, city: str) -> Spoken | None:
        """The city with its voice, None where the city is not known."""
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(_Row)) as cursor:
            row = cursor.execute(_ONE, (city,)).fetchone()
        if row is None:
            return None
        areas = tuple(Named(**one) for one in row.areas)
        given = (row.id, row.name, row.given_programme, row.given_signature, row.settle_seconds)
        kept = (row.revision, row.changed_at, row.changed_by)
        return Spoken(*given, areas, voice_of(row.settings), *kept)


def keep_voice(conn: Connection, city: str, voice: Voice, who: str, now: datetime) -> None:
    """Store the voice; texts written from now on follow it."""
    values = {"city": city, "settings": dumps(voice).decode(), "now": now, "who": who}
    conn.execute(_KEEP, values)
    conn.execute(_NAME, {**values, "programme": voice.programme, "signature": voice.signature})


_ONE: Final = """
select c.id, c.name, c.given_programme, c.given_signature, c.settle_seconds, c.areas, v.settings,
    coalesce(v.revision, 0) as revision, v.changed_at, coalesce(v.changed_by, '') as changed_by
from cities c left join voices v on v.city = c.id
where c.id = %s
"""

_KEEP: Final = """
insert into voices (city, revision, settings, changed_at, changed_by)
values (%(city)s, 1, %(settings)s::jsonb, %(now)s, %(who)s)
on conflict (city) do update set revision = voices.revision + 1, settings = excluded.settings,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""

_NAME: Final = """
update cities set programme = coalesce(nullif(%(programme)s, ''), given_programme),
    signature = coalesce(nullif(%(signature)s, ''), given_signature)
where id = %(city)s
"""
