"""The port `Rosters` on PostgreSQL, within the connection's transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.dispatch.adapters.roster_rows import (
    TABLES,
    change_of,
    deltas_json,
    entry_of,
    entry_row,
    told_json,
    told_of,
)
from services.dispatch.adapters.rows import TEAM_COLUMNS, Row, city_of, team_of, team_row
from services.dispatch.domain.evening import City, Team
from services.dispatch.domain.roster.city_file import as_told, hear_file
from services.dispatch.domain.roster.derived import teams_of
from services.dispatch.domain.roster.values import (
    Change,
    Delta,
    Roster,
    applied,
    numbered,
)
from shared.db import Connection

THE_FILE = "the city's file"


class PostgresRosters:
    """A row for each entry, and one for each change with what was before and after it."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def read(self, city: str) -> tuple[City, Roster] | None:
        """The city and its roster."""
        cities = self._rows(
            "select id, name, programme, zone, date, settings from cities where id = %s", city
        )
        if not cities:
            return None
        found = city_of(cities[0])
        rosters = self._rows("select version, told, kept_since from rosters where city = %s", city)
        if not rosters:
            return found, self._as_it_was(found)
        version, told, since = rosters[0]
        return found, self._entries(Roster(city, version, told=told_of(told), kept_since=since))

    def hold(self, city: str) -> tuple[City, Roster] | None:
        """The city and its roster, whose row is locked; it is made if it is not there yet."""
        found = self._rows("select id from cities where id = %s for update", city)
        return self.read(city) if found else None

    def keep(self, city: City, roster: Roster, change: Change) -> bool:
        """Store the change and every entry that it touches."""
        if not self._rows("select version from rosters where city = %s", city.id):
            self._begin(city, self._as_it_was(city))
        told = told_json(roster.told)
        by_hand = change.at if change.verb != "file" else None
        self._conn.execute(_KEEP_ROSTER, (roster.version, told, by_hand, city.id))
        self._keep_entries(city.id, change.deltas)
        self._conn.execute(
            _KEEP_CHANGE,
            (
                *(city.id, change.version, change.at, change.actor, change.actor_name),
                *(change.verb, change.words, deltas_json(change.deltas), change.undoes),
            ),
        )
        if change.undoes is not None:
            self._conn.execute(_MARK_UNDONE, (change.version, city.id, change.undoes))
        return self._keep_teams(city, roster)

    def changes(self, city: str, *, after: int = 0, most: int = 20) -> Sequence[Change]:
        """The newest changes."""
        query = f"{_CHANGES} where city = %s and version > %s order by version desc limit %s"
        rows: Any = self._conn.execute(query, (city, after, most)).fetchall()
        return [change_of(row) for row in rows]

    def change(self, city: str, version: int) -> Change | None:
        """One change."""
        rows: Any = self._conn.execute(
            f"{_CHANGES} where city = %s and version = %s", (city, version)
        ).fetchall()
        return change_of(rows[0]) if rows else None

    def hear_file(self, city: City, teams: Sequence[Team]) -> None:
        """Let the teams of a newer city file speak into the roster."""
        found = self.hold(city.id)
        assert found is not None, "the ledger keeps the city first"
        roster = found[1]
        version = roster.version + 1
        deltas = numbered(hear_file(roster, city, teams), version)
        heard = replace(applied(roster, deltas), told=as_told(teams, city))
        if not deltas:
            self._begin(city, replace(heard, version=roster.version))
            self._conn.execute(
                "update rosters set told = %s where city = %s",
                (told_json(heard.told), city.id),
            )
            self._keep_teams(city, heard)
            return
        words = "The city's file was read."
        now = datetime.now(UTC)
        change = Change(version, now, "", THE_FILE, "file", words, tuple(deltas))
        self.keep(city, replace(heard, version=version), change)

    def _as_it_was(self, city: City) -> Roster:
        """The roster of a city that has none yet: the teams that it was last heard to have."""
        teams = [team_of(row) for row in self._rows(_TEAMS, city.id)]
        empty = Roster(city.id)
        told = as_told(teams, city)
        return replace(applied(empty, hear_file(empty, city, teams)), told=told)

    def _begin(self, city: City, roster: Roster) -> None:
        """Store a roster as it was before its first change."""
        told = told_json(roster.told)
        done = self._conn.execute(_BEGIN, (city.id, roster.version, told))
        if done.rowcount:
            everything = [
                Delta(what, None, entry) for what in TABLES for entry in roster.of(what).values()
            ]
            self._keep_entries(city.id, everything)

    def _entries(self, roster: Roster) -> Roster:
        deltas = []
        for what, (table, columns) in TABLES.items():
            rows = self._rows(
                f"select {columns} from {table} where city = %s order by name, id", roster.city
            )
            deltas += [Delta(what, None, entry_of(what, row)) for row in rows]
        return applied(roster, deltas)

    def _keep_entries(self, city: str, deltas: Sequence[Delta]) -> None:
        for what, (table, columns) in TABLES.items():
            gone = [d.id for d in deltas if d.what == what and d.after is None]
            kept = [(city, *entry_row(d.after)) for d in deltas if d.what == what and d.after]
            names = columns.split(", ")
            sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
            marks = ", ".join(["%s"] * (len(names) + 1))
            query = (
                f"insert into {table} (city, {columns}) values ({marks})"
                f" on conflict (city, id) do update set {sets}"
            )
            self._run(f"delete from {table} where city = %s and id = any(%s)", (city, gone))
            with self._conn.cursor() as cursor:
                cursor.executemany(query.encode(), kept)

    def _keep_teams(self, city: City, roster: Roster) -> bool:
        """Bring the teams that planning reads up to date; whether any differ."""
        teams = teams_of(roster, city)
        if [team_of(row) for row in self._rows(_TEAMS, city.id)] == list(teams):
            return False
        self._run("delete from teams where city = %s", (city.id,))
        with self._conn.cursor() as cursor:
            rows = [(city.id, number, *team_row(team)) for number, team in enumerate(teams)]
            cursor.executemany(_ADD_TEAM, rows)
        return True

    def _run(self, query: str, values: tuple[object, ...]) -> None:
        self._conn.execute(query.encode(), values)

    def _rows(self, query: str, city: str) -> Sequence[Row]:
        return self._conn.execute(query.encode(), (city,)).fetchall()


_TEAMS = f"select {TEAM_COLUMNS} from teams where city = %s order by position"
_ADD_TEAM = f"""
insert into teams (city, position, {TEAM_COLUMNS})
values ({", ".join(["%s"] * (2 + len(TEAM_COLUMNS.split(", "))))})
"""
_BEGIN = """
insert into rosters (city, version, told) values (%s, %s, %s) on conflict (city) do nothing
"""
_KEEP_ROSTER = """
update rosters set version = %s, told = %s, kept_since = coalesce(kept_since, %s) where city = %s
"""
_KEEP_CHANGE = """
insert into roster_changes
    (city, version, at, actor, actor_name, verb, words, deltas, undoes)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_MARK_UNDONE = "update roster_changes set undone_by = %s where city = %s and version = %s"
_CHANGES = """
select version, at, actor, actor_name, verb, words, deltas, undoes, undone_by from roster_changes
"""
