"""The `Book` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from orjson import dumps
from psycopg import Cursor

from services.notify.adapters import book_sql as sql
from services.notify.adapters.city_rows import city_in, party_in
from services.notify.adapters.reserves import release_unreachable
from services.notify.domain.evening import Latest
from services.notify.domain.messages import Draft
from services.notify.domain.values import City, Party, Route, Span, Team, Told, Visit
from services.notify.ports.telling import Decided, Known, Settled, Unsaid, Welcome
from shared.db import Connection


class PostgresBook:
    """Fulfils `Book`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep_cities(self, cities: Sequence[City], now: datetime) -> None:
        for city in cities:
            found = self._conn.execute(sql.KEEP_CITY, _city_values(city, now)).fetchone()
            if found and found[0]:
                self._conn.execute(sql.DATE_DUE, {"id": city.id, "now": now})

    def keep_parties(self, parties: Sequence[Party], now: datetime) -> None:
        if not parties:
            return
        keys = _columns(((p.city, p.id) for p in parties), 2)
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_PARTY, [(*astuple(p), now) for p in parties])
            cursor.execute(sql.SUPPRESS_UNREACHABLE, (now, *keys))
            release_unreachable(self._conn, keys[0], keys[1], now)
            cursor.execute(sql.READDRESS, keys)
            cursor.execute(sql.DECIDE_AGAIN, (now, now, *keys))

    def keep_visits(self, visits: Sequence[Visit], now: datetime) -> None:
        rows = [(v.city, v.city, *_visit(v), now, now) for v in visits]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_VISIT, rows)

    def keep_routes(self, routes: Sequence[Route], now: datetime) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_ROUTE, [_route_values(r, now) for r in routes])

    def keep_teams(self, teams: Sequence[Team], now: datetime) -> None:
        rows = [
            (*(t.city, t.team_id, t.revision, t.team_name, t.opens, t.closes, t.page_url), members)
            for t, members in ((t, dumps(t.members).decode()) for t in teams)
        ]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.KEEP_TEAM, rows)
            cursor.executemany(sql.ROUTE_ANEW, [(now, now, t.city, t.team_id) for t in teams])

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

    def heard(self, city: str, parties: Collection[str], day: Span) -> Mapping[str, int]:
        values = (city, list(parties), day.opens, day.closes)
        rows = self._conn.execute(sql.HEARD, values).fetchall()
        return {str(party): int(str(number)) for party, number in rows}

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
        overtaken = [
            (now, d.city, d.party_id, d.news, d.older_than, d.older_than)
            for d in decided
            if d.overtakes
        ]
        with self._conn.cursor() as cursor:
            cursor.executemany(sql.OVERTAKE, overtaken)
            write_messages(self._conn, drafts, now)
            cursor.executemany(sql.WRITE_SILENCE, [(*astuple(u), now) for u in unsaid])
            cursor.execute(sql.WELCOME_DECIDED, keys)
            cursor.execute(sql.VISIT_DECIDED, keys)


def write_messages(conn: Connection, drafts: Sequence[Draft], now: datetime | None = None) -> None:
    """Write messages down, without `now` as of when they are due; no `dedupe` twice."""
    with conn.cursor() as cursor:
        cursor.executemany(sql.WRITE_MESSAGE, [_message(d, now or d.due_at) for d in drafts])


def _columns(rows: Iterable[tuple[str, ...]], width: int) -> tuple[list[str], ...]:
    """Rows as arrays for `unnest`."""
    turned = tuple(list(column) for column in zip(*rows, strict=True))
    return turned or ([],) * width


def _city_values(city: City, now: datetime) -> dict[str, object]:
    return {
        "id": city.id,
        "revision": city.revision,
        "name": city.name,
        "programme": city.programme,
        "signature": city.signature,
        "zone": city.zone,
        "opens": city.evening_opens,
        "closes": city.evening_closes,
        "settle": city.settle_seconds,
        "kinds": dumps(city.kinds).decode(),
        "areas": dumps(city.areas).decode(),
        "now": now,
    }


def _route_values(route: Route, now: datetime) -> dict[str, object]:
    return {
        "city": route.city,
        "team": route.team_id,
        "revision": route.revision,
        "name": route.team_name,
        "plan": route.plan_version,
        "stops": dumps(route.stops).decode(),
        "now": now,
    }


def _visit(v: Visit) -> tuple[object, ...]:
    who = (v.team_id, v.team_name, list(v.kinds))
    return (v.city, v.party_id, v.revision, v.opens, v.closes, v.reason, v.correlation, *who)


def _message(d: Draft, now: datetime) -> tuple[object, ...]:
    w = d.wording
    said = (d.template, w.version, d.channel, d.to, w.language, w.subject, w.body, w.html)
    times = (d.due_at, now, now, d.expires_at)
    way = (d.lane, d.state, d.reason, *times, d.correlation, d.dedupe)
    opens, closes = (d.span.opens, d.span.closes) if d.span else (None, None)
    news = (d.news, d.revision, opens, closes)
    whom = (d.audience, d.purpose, d.team_id, d.contact, d.segments, d.broadcast_id, d.reserve_of)
    who = (d.visit_team, list(d.visit_kinds), d.says_date)
    return (d.id, d.city, d.party_id, *news, *said, *way, *whom, *who)


def _welcome_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Welcome]:
    return lambda row: Welcome(city_in(row), party_in(row), _told(*row[27:30]))


def _settled_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Settled]:
    return lambda row: Settled(
        city_in(row),
        party_in(row),
        _visit_in((*row[32:41], tuple(row[41]))),
        _told(*row[27:32]),
        _told(*row[42:47]),
        row[47],
    )


def _known_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Known]:
    return lambda row: Known(
        city_in(row),
        party_in(row),
        _span(*row[27:29]),
        _told(*row[29:34]),
        Latest(*row[34:38]) if row[34] else None,
    )


def _visit_in(columns: Sequence[Any]) -> Visit:
    return Visit(*columns)


def _span(opens: datetime | None, closes: datetime | None) -> Span | None:
    return Span(opens, closes) if opens and closes else None


def _told(
    opens: datetime | None,
    closes: datetime | None,
    reached: bool | None,
    team: str | None = "",
    kinds: Sequence[str] | None = (),
) -> Told | None:
    if reached is None:
        return None
    return Told(_span(opens, closes), reached, team or "", tuple(kinds or ()))
