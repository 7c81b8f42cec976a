"""The `Book` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from orjson import dumps
from psycopg import Cursor

from services.notify.adapters import book_sql as sql
from services.notify.domain.messages import Draft
from services.notify.domain.values import City, Party, Route, Span, Team, Told, Visit
from services.notify.ports import Decided, Known, Settled, Unsaid, Welcome
from shared.db import Connection


class PostgresBook:
    """Fulfils `Book`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep_cities(self, cities: Sequence[City]) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_CITY, [astuple(c) for c in cities])

    def keep_parties(self, parties: Sequence[Party], now: datetime) -> None:
        if not parties:
            return
        keys = _columns(((p.city, p.id) for p in parties), 2)
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_PARTY, [astuple(p) for p in parties])
            cursor.execute(sql.SUPPRESS_UNREACHABLE, (now, *keys))
            cursor.execute(sql.READDRESS, keys)
            cursor.execute(sql.DECIDE_AGAIN, (now, now, *keys))

    def keep_visits(self, visits: Sequence[Visit], now: datetime) -> None:
        rows = [(v.city, *astuple(v), now, now) for v in visits]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_VISIT, rows)

    def keep_routes(self, routes: Sequence[Route]) -> None:
        rows = [
            (r.city, r.team_id, r.revision, r.team_name, r.plan_version, dumps(r.stops).decode())
            for r in routes
        ]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_ROUTE, rows)

    def keep_teams(self, teams: Sequence[Team]) -> None:
        rows = [
            (*(t.city, t.team_id, t.revision, t.team_name, t.opens, t.closes, t.page_url), members)
            for t, members in ((t, dumps(t.members).decode()) for t in teams)
        ]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_TEAM, rows)

    def take_welcomes(self, most: int) -> Sequence[Welcome]:
        with self._conn.cursor(row_factory=_welcome_row) as cursor:
            return cursor.execute(sql.TAKE_WELCOMES, (most,)).fetchall()

    def take_settled(self, now: datetime, most: int) -> Sequence[Settled]:
        found = self._conn.execute(sql.LOCK_SETTLED, (now, most)).fetchall()
        if not found:
            return []
        keys = _columns(((str(city), str(party)) for city, party in found), 2)
        with self._conn.cursor(row_factory=_settled_row) as cursor:
            cursor.execute(sql.LOCK_WAITING, keys)
            return cursor.execute(sql.READ_SETTLED, keys).fetchall()

    def find(self, city: str, parties: Collection[str]) -> Sequence[Known]:
        with self._conn.cursor(row_factory=_known_row) as cursor:
            return cursor.execute(sql.FIND, (city, list(parties))).fetchall()

    def expecting(self, city: str, at: datetime) -> Sequence[Known]:
        with self._conn.cursor(row_factory=_known_row) as cursor:
            return cursor.execute(sql.EXPECTING, (city, at)).fetchall()

    def write(
        self,
        drafts: Sequence[Draft],
        unsaid: Sequence[Unsaid],
        decided: Sequence[Decided],
        now: datetime,
    ) -> None:
        if not decided:
            return
        keys = _columns(((d.city, d.party_id, d.news) for d in decided), 3)
        overtaken = [(now, d.city, d.party_id, d.news) for d in decided if d.overtakes]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.OVERTAKE, overtaken)
            cursor.executemany(sql.WRITE_MESSAGE, [_message(d) for d in drafts])
            cursor.executemany(sql.WRITE_SILENCE, [(*astuple(u), now) for u in unsaid])
            cursor.execute(sql.WELCOME_DECIDED, keys)
            cursor.execute(sql.VISIT_DECIDED, keys)


def _columns(rows: Iterable[tuple[str, ...]], width: int) -> tuple[list[str], ...]:
    """Rows as arrays for `unnest`."""
    turned = tuple(list(column) for column in zip(*rows, strict=True))
    return turned or ([],) * width


def _message(d: Draft) -> tuple[object, ...]:
    w = d.wording
    said = (d.template, w.version, d.channel, d.to, w.language, w.subject, w.body, w.html)
    times = (d.due_at, d.due_at, d.due_at, d.expires_at)
    way = (d.lane, d.state, d.reason, *times, d.correlation, d.dedupe)
    opens, closes = (d.span.opens, d.span.closes) if d.span else (None, None)
    news = (d.news, d.revision, opens, closes)
    whom = (d.audience, d.purpose, d.team_id, d.contact, d.segments, d.broadcast_id, d.reserve_of)
    return (d.id, d.city, d.party_id, *news, *said, *way, *whom)


def _welcome_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Welcome]:
    return lambda row: Welcome(City(*row[:9]), Party(*row[9:23]), _told(*row[23:26]))


def _settled_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Settled]:
    return lambda row: Settled(
        City(*row[:9]),
        Party(*row[9:23]),
        Visit(*row[26:33]),
        _told(*row[23:26]),
        _told(*row[33:36]),
    )


def _known_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Known]:
    return lambda row: Known(City(*row[:9]), Party(*row[9:23]), _span(*row[23:25]))


def _span(opens: datetime | None, closes: datetime | None) -> Span | None:
    return Span(opens, closes) if opens and closes else None


def _told(opens: datetime | None, closes: datetime | None, reached: bool | None) -> Told | None:
    if reached is None:
        return None
    return Told(Span(opens, closes) if opens and closes else None, reached)
