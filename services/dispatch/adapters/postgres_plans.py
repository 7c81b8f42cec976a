"""The ports `Plans` and `DirtyCities` on PostgreSQL, within the connection's transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from services.dispatch.adapters.advisory_lock import PLANNING_LOCKS
from services.dispatch.adapters.postgres_decisions import PostgresDecisions
from services.dispatch.adapters.postgres_night import PostgresNightBook, PostgresNights
from services.dispatch.adapters.rows import (
    PARTY_COLUMNS,
    TOLD_COLUMNS,
    Row,
    city_of,
    party_of,
    rests_json,
    rests_of,
    stops_json,
    stops_of,
    told_of,
    told_row,
)
from services.dispatch.domain.evening import City, Evening, Party, Rests
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.tonight import as_of_tonight
from services.dispatch.ports.planning import Dirt
from shared.db import Connection


class PostgresPlans:
    """Plans with the routes that each changed, and what every host was last told."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def city(self, city: str) -> City | None:
        """The city's settings."""
        rows = self._rows(
            "select id, name, programme, zone, date, settings from cities where id = %s", city
        )
        return city_of(rows[0]) if rows else None

    def evening(self, city: str) -> Evening | None:
        """Everything that the next plan depends on."""
        found = self.city(city)
        if found is None:
            return None
        routes = self._rows(_ROUTES, city)
        decisions = PostgresDecisions(self._conn)
        return Evening(
            found,
            tuple(PostgresNightBook(self._conn).teams(city)),
            tuple(self._parties(city)),
            {row[0]: stops_of(row[1]) for row in routes},
            {row[0]: told_of(row[1:]) for row in self._rows(_TOLD, city)},
            self.version(city),
            decisions.settled(city).policies,
            decisions.edits(city),
            decisions.absent(city, int(found.date[:4])),
            {row[0]: rests for row in routes if (rests := rests_of(row[2])) != Rests()},
        )

    def _parties(self, city: str) -> Iterator[Party]:
        """The parties that are not withdrawn, as they are tonight."""
        said = PostgresNights(self._conn).parties(city)
        for row in self._rows(_PARTIES, city):
            party = party_of(row)
            party = as_of_tonight(party, said.get(party.id))
            if not party.withdrawn:
                yield party

    def made_at(self, city: str) -> datetime | None:
        """When the newest plan was made."""
        newest = "select made_at from plans where city = %s order by version desc limit 1"
        rows = self._rows(newest, city)
        return rows[0][0] if rows else None

    def version(self, city: str) -> int:
        """The number of the plan that holds; 0 while there is none."""
        return int(
            self._rows("select coalesce(max(version), 0) from plans where city = %s", city)[0][0]
        )

    def keep(self, city: str, plan: Plan) -> None:
        """Store the plan, the routes that it changed and what hosts are told from now on."""
        counts = (plan.summary.parties, plan.summary.visited, plan.summary.unvisited)
        name = plan.name or f"Plan {plan.version}"
        under = orjson.dumps(plan.made_under).decode()
        self._conn.execute(
            "insert into plans (city, version, name, made_at, parties, visited, unvisited, teams,"
            " made_under, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (city, plan.version, name, plan.made_at, *counts, plan.summary.teams, under, plan.by),
        )
        self._keep_routes(city, plan)
        with self._conn.cursor() as cursor:
            rows = [(city, party, plan.version, *told_row(t)) for party, t in plan.told.items()]
            cursor.executemany(_KEEP_TOLD, rows)

    def _keep_routes(self, city: str, plan: Plan) -> None:
        changed = plan.changed_routes
        self._conn.execute(
            "update routes set current = false where city = %s and current and team_id = any(%s)",
            (city, list(changed)),
        )
        with self._conn.cursor() as cursor:
            cursor.executemany(
                "insert into routes (city, team_id, version, current, stops, rests)"
                " values (%s, %s, %s, true, %s, %s)",
                [
                    (city, team, plan.version, stops_json(stops), rests_json(rests))
                    for team, stops in changed.items()
                    for rests in [plan.rests.get(team, Rests())]
                ],
            )

        # A plan that was under way may name who was forgotten meanwhile.
        named = {stop.party_id for stops in changed.values() for stop in stops}
        self._conn.execute(
            "update forgotten_parties set waits = true"
            " where city = %s and party_id = any(%s) and 'addresses' = any(groups)",
            (city, list(named)),
        )

    def correlations(self, city: str, parties: Collection[str]) -> Mapping[str, str]:
        """The correlation id of each party's newest fact."""
        found = self._conn.execute(
            "select id, correlation from parties where city = %s and id = any(%s)",
            (city, list(parties)),
        )
        return {str(row[0]): str(row[1]) for row in found}

    def _rows(self, query: Any, city: str) -> Sequence[Row]:
        return self._conn.execute(query, (city,)).fetchall()


class PostgresDirtyCities:
    """A row per city whose plan is out of date."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def mark(self, city: str, now: datetime) -> None:
        """Mark the city, or raise its generation if it is marked already."""
        self._conn.execute(
            "insert into dirty_cities (city, dirty_since) values (%s, %s)"
            " on conflict (city) do update set generation = nextval('dirt_generations')",
            (city, now),
        )

    def read(self, city: str) -> Dirt | None:
        """The city's mark."""
        rows: Any = self._conn.execute(
            "select dirty_since, generation from dirty_cities where city = %s", (city,)
        ).fetchall()
        return Dirt(*rows[0]) if rows else None

    def clear(self, city: str, generation: int) -> bool:
        """Unmark the city unless something came since."""
        done = self._conn.execute(
            "delete from dirty_cities where city = %s and generation = %s", (city, generation)
        )
        return done.rowcount == 1

    def waiting(self) -> Sequence[str]:
        """Marked cities whose settings are known, the longest waiting first."""
        rows = self._conn.execute(
            "select d.city from dirty_cities d join cities c on c.id = d.city order by dirty_since"
        ).fetchall()
        return [str(row[0]) for row in rows]

    def neglected(self) -> dict[str, int]:
        """Waiting cities that nobody is planning just now, with their generations."""
        rows: Any = self._conn.execute(_NEGLECTED, (PLANNING_LOCKS,)).fetchall()
        return dict(rows)


_NEGLECTED = """
select d.city, d.generation from dirty_cities d join cities c on c.id = d.city
where not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.classid = %s and l.granted
    and l.objid = (hashtext(d.city)::bigint & 4294967295)::oid
    and l.database = (select oid from pg_database where datname = current_database())
)
"""

_ROUTES = "select team_id, stops, rests from routes where city = %s and current"
_PARTIES = f"select {PARTY_COLUMNS} from parties where city = %s and not withdrawn order by id"
_TOLD = f"select party_id, {TOLD_COLUMNS} from visits where city = %s"

_TOLD_SET = ", ".join(
    f"{name} = excluded.{name}" for name in ("plan_version", *TOLD_COLUMNS.split(", "))
)
_KEEP_TOLD = f"""
insert into visits (city, party_id, plan_version, {TOLD_COLUMNS})
values ({", ".join(["%s"] * 12)})
on conflict (city, party_id) do update set {_TOLD_SET}
"""
