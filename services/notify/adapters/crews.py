"""The `Crews` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any, Final

from orjson import dumps
from psycopg import Cursor

from services.notify.adapters.book_sql import CITY
from services.notify.adapters.city_rows import city_in
from services.notify.domain.values import Route, RouteStop, Team, TeamMember
from services.notify.ports.telling import Contact, Crew, Done
from shared.db import Connection


class PostgresCrews:
    """Fulfils `Crews`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep_done(self, done: Sequence[Done]) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(_KEEP_DONE, [astuple(one) for one in done])

    def take_settled(self, now: datetime, most: int) -> Sequence[Crew]:
        with self._conn.cursor(row_factory=_crew_row) as cursor:
            return cursor.execute(_SETTLED, {"now": now, "most": most}).fetchall()

    def crew(self, city: str, team_id: str) -> Crew | None:
        with self._conn.cursor(row_factory=_crew_row) as cursor:
            return cursor.execute(_ONE, (city, team_id)).fetchone()

    def told(self, crew: Crew, contacts: Collection[str], now: datetime) -> None:
        key, stops = (crew.city.id, crew.team.team_id), dumps(crew.route.stops).decode()
        rows = [(*key, contact, crew.route.revision, stops, now) for contact in contacts]
        with self._conn.cursor() as cursor:
            cursor.executemany(_TOLD, rows)
            cursor.execute(_ROUTE_DECIDED, key)


def _crew_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Crew]:
    return _crew


def _crew(row: Sequence[Any]) -> Crew:
    members = tuple(TeamMember(**one) for one in row[19])
    told = {contact: _stops(stops) for contact, stops in (row[25] or {}).items()}
    team, route = (*row[12:19], members), (*row[20:25], _stops(row[26]))
    return Crew(
        city=city_in(row),
        team=Team(*team),
        route=Route(*route),
        contacts=tuple(Contact(m, told.get(m.officer_id)) for m in members),
        done=frozenset(row[27]),
    )


def _stops(found: Sequence[dict[str, Any]]) -> tuple[RouteStop, ...]:
    return tuple(
        RouteStop(**{**one, "arrives_at": datetime.fromisoformat(one["arrives_at"])})
        for one in found
    )


_KEEP_DONE: Final = """
insert into done (city, party_id, team_id, revision, state, at)
values (%s, %s, %s, %s, %s, %s)
on conflict (city, party_id, team_id) do update set revision = excluded.revision,
    state = excluded.state, at = excluded.at
where excluded.revision > done.revision
"""

_SELECT: Final = f"""
select {CITY},
    t.city, t.team_id, t.revision, t.team_name, t.opens, t.closes, t.page_url, t.members,
    r.city, r.team_id, r.revision, r.team_name, r.plan_version,
    (select jsonb_object_agg(contact, stops) from team_told
        where team_told.city = t.city and team_told.team_id = t.team_id) as told,
    r.stops,
    array(select party_id from done where done.city = t.city and done.team_id = t.team_id
        and done.state <> 'open') as done
from routes r
join teams t on t.city = r.city and t.team_id = r.team_id
join cities c on c.id = r.city
"""

# Weeks before the evening routes change daily; a team hears of its own some hours before it.
_SETTLED: Final = (
    _SELECT
    + """
where r.settles_at <= %(now)s and t.members <> '[]'::jsonb and t.closes > %(now)s
    and t.opens - make_interval(hours => coalesce((select (settings->>'team_route_hours')::int
        from voices where voices.city = r.city), 3)) <= %(now)s
order by r.settles_at, r.team_id
limit %(most)s
for update of r skip locked
"""
)

_ONE: Final = _SELECT + "where t.city = %s and t.team_id = %s and t.members <> '[]'::jsonb"

_TOLD: Final = """
insert into team_told (city, team_id, contact, revision, stops, told_at)
values (%s, %s, %s, %s, %s::jsonb, %s)
on conflict (city, team_id, contact) do update set revision = excluded.revision,
    stops = excluded.stops, told_at = excluded.told_at
"""

_ROUTE_DECIDED: Final = """
update routes set settles_at = null, unsettled_since = null where city = %s and team_id = %s
"""
