"""The ports `Nights` and `NightBook` on PostgreSQL, within the connection's transaction."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.dispatch.adapters.night_rows import (
    NIGHT_COLUMNS,
    PARTY_NOW_COLUMNS,
    TEAM_NOW_COLUMNS,
    VISIT_COLUMNS,
    night_of,
    night_row,
    party_now_of,
    party_now_row,
    team_now_of,
    team_now_row,
    visit_now_of,
    visit_now_row,
)
from services.dispatch.adapters.rows import (
    PARTY_COLUMNS,
    TEAM_COLUMNS,
    party_of,
    party_row,
    rests_of,
    stops_of,
    team_of,
    team_row,
)
from services.dispatch.domain.evening import Party, Rests, Stop, Team
from services.dispatch.domain.night import NightNow, PartyNow, TeamNow, VisitNow
from services.dispatch.domain.order_log import Pin
from shared.db import Connection

PARTY_VALUES = 3 + len(PARTY_COLUMNS.split(", "))
TEAM_VALUES = 1 + len(TEAM_COLUMNS.split(", "))


class PostgresNights:
    """The night, a row a team, a visit, a party of which anything was said."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def lock(self, city: str) -> int | None:
        """Wait for the city's turn; the board's newest change."""
        self._conn.execute(_BOARD, (city,))
        query = "select change from boards where city = %s for update"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return int(rows[0][0]) if rows else None

    def night(self, city: str) -> NightNow:
        """The night."""
        query = f"select {NIGHT_COLUMNS} from nights where city = %s"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return night_of(rows[0]) if rows else NightNow()

    def keep_night(self, city: str, night: NightNow) -> int:
        """Store the night; its revision."""
        row: Any = self._conn.execute(_KEEP_NIGHT, (city, *night_row(night))).fetchone()
        return int(row[0])

    def teams(self, city: str, only: Collection[str] = ()) -> Mapping[str, TeamNow]:
        """Every team that did anything, with its visits; `only` these, where any are given."""
        visits = self._visits(city, only)
        query = (
            f"select team_id, {TEAM_NOW_COLUMNS} from team_states"
            " where city = %s and (%s or team_id = any(%s))"
        )
        rows: Any = self._conn.execute(query, (city, not only, list(only))).fetchall()
        return {row[0]: team_now_of(row[1:], visits.get(row[0], {})) for row in rows}

    def _visits(self, city: str, only: Collection[str]) -> Mapping[str, dict[str, VisitNow]]:
        query = (
            f"select team_id, party_id, {VISIT_COLUMNS} from visit_states"
            " where city = %s and (%s or team_id = any(%s))"
        )
        rows: Any = self._conn.execute(query, (city, not only, list(only))).fetchall()
        found: dict[str, dict[str, VisitNow]] = {}
        for team, party, *row in rows:
            found.setdefault(team, {})[party] = visit_now_of(row)
        return found

    def keep_team(self, city: str, team: str, now: TeamNow, version: int) -> Mapping[str, int]:
        """Store a team; the new revisions of those of its visits that differ."""
        self._conn.execute(_KEEP_TEAM, (city, team, *team_now_row(now), version))
        if not now.visits:
            return {}
        rows = [(city, team, party, *visit_now_row(visit)) for party, visit in now.visits.items()]
        revisions: dict[str, int] = {}
        with self._conn.cursor() as cursor:
            cursor.executemany(_KEEP_VISIT, rows, returning=True)
            for found in cursor.results():
                revisions |= {str(row[0]): int(str(row[1])) for row in found.fetchall()}
        return revisions

    def parties(self, city: str) -> Mapping[str, PartyNow]:
        """What was said tonight of parties."""
        query = f"select party_id, {PARTY_NOW_COLUMNS} from party_states where city = %s"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return {row[0]: party_now_of(row[1:]) for row in rows}

    def keep_party(self, city: str, party: str, now: PartyNow, version: int) -> None:
        """Store what was said of a party."""
        self._conn.execute(_KEEP_PARTY, (city, party, *party_now_row(now), version))

    def pins(self, city: str) -> Sequence[Pin]:
        """Which visits people have given to which teams."""
        query = "select party_id, team_id, position from pins where city = %s order by 1, 2"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return [Pin(*row) for row in rows]

    def keep_pins(self, city: str, pins: Sequence[Pin]) -> None:
        """Store all of them anew."""
        self._conn.execute("delete from pins where city = %s", (city,))
        with self._conn.cursor() as cursor:
            rows = [(city, pin.party, pin.team, pin.position) for pin in pins]
            cursor.executemany("insert into pins values (%s, %s, %s, %s)", rows)


class PostgresNightBook:
    """Tonight's teams, routes and parties, one by one."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def team(self, city: str, team: str) -> Team | None:
        """The team."""
        query = f"{TONIGHTS_TEAMS_FROM} where id = %(team)s"
        rows: Any = self._conn.execute(query, {"city": city, "team": team}).fetchall()
        return team_of(rows[0]) if rows else None

    def teams(self, city: str) -> Sequence[Team]:
        """All teams of tonight."""
        query = f"{TONIGHTS_TEAMS_FROM} order by position, id"
        rows: Any = self._conn.execute(query, {"city": city}).fetchall()
        return [team_of(row) for row in rows]

    def roster(self, city: str) -> Mapping[str, Team]:
        """The teams as the city set them up."""
        query = f"select {TEAM_COLUMNS} from teams where city = %s"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return {team.id: team for team in map(team_of, rows)}

    def keep_teams(self, city: str, teams: Collection[Team]) -> None:
        """Store all teams anew that differ from the roster tonight."""
        self._conn.execute("delete from night_teams where city = %s", (city,))
        values = ", ".join(["%s"] * TEAM_VALUES)
        query = f"insert into night_teams (city, {TEAM_COLUMNS}) values ({values})"
        with self._conn.cursor() as cursor:
            cursor.executemany(query, [(city, *team_row(team)) for team in teams])

    def party(self, city: str, party: str) -> Party | None:
        """The party as it was registered or added."""
        query = f"select {PARTY_COLUMNS} from parties where city = %s and id = %s"
        rows: Any = self._conn.execute(query, (city, party)).fetchall()
        return party_of(rows[0]) if rows else None

    def routes(self, city: str, teams: Collection[str]) -> Mapping[str, tuple[Stop, ...]]:
        """The stored routes of the teams."""
        query = (
            "select team_id, stops from routes where city = %s and current and team_id = any(%s)"
        )
        rows: Any = self._conn.execute(query, (city, list(teams))).fetchall()
        return {row[0]: stops_of(row[1]) for row in rows}

    def rests(self, city: str, teams: Collection[str]) -> Mapping[str, Rests]:
        """The breaks that are planned on them."""
        query = (
            "select team_id, rests from routes where city = %s and current and team_id = any(%s)"
        )
        rows: Any = self._conn.execute(query, (city, list(teams))).fetchall()
        return {row[0]: rests_of(row[1]) for row in rows}

    def add_party(self, city: str, party: Party) -> None:
        """Take in a party that registration does not know."""
        query = (
            f"insert into parties (city, revision, correlation, {PARTY_COLUMNS})"
            f" values ({', '.join(['%s'] * PARTY_VALUES)}) on conflict do nothing"
        )
        self._conn.execute(query, (city, 0, "", *party_row(party)))


TONIGHTS_TEAMS_FROM = f"""
select {TEAM_COLUMNS} from (
    select {TEAM_COLUMNS}, position from teams t where city = %(city)s
    and not exists (select from night_teams n where n.city = t.city and n.id = t.id)
    union all
    select {TEAM_COLUMNS}, 10000 from night_teams where city = %(city)s
) known
"""

_BOARD = """
insert into boards (city, change, changed_at) select id, 0, now() from cities where id = %s
on conflict do nothing
"""

_KEEP_NIGHT = f"""
insert into nights (city, {NIGHT_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city) do update set revision = nights.revision + 1, state = excluded.state,
    reason = excluded.reason, held_areas = excluded.held_areas, opened_at = excluded.opened_at,
    held_at = excluded.held_at, closed_at = excluded.closed_at, called_off = excluded.called_off
returning revision
"""

_TEAM_SET = ", ".join(
    f"{name} = excluded.{name}" for name in (*TEAM_NOW_COLUMNS.split(", "), "version")
)
_KEEP_TEAM = f"""
insert into team_states (city, team_id, {TEAM_NOW_COLUMNS}, version)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, team_id) do update set {_TEAM_SET}
"""

_VISIT_SET = ", ".join(f"{name} = excluded.{name}" for name in VISIT_COLUMNS.split(", "))
_VISIT_NAMES = ", ".join(f"visit_states.{name}" for name in VISIT_COLUMNS.split(", "))
_VISIT_NEW = ", ".join(f"excluded.{name}" for name in VISIT_COLUMNS.split(", "))
_KEEP_VISIT = f"""
insert into visit_states (city, team_id, party_id, {VISIT_COLUMNS}, revision)
values (%s, %s, %s, %s, %s, %s, %s, %s, 1)
on conflict (city, team_id, party_id) do update
set {_VISIT_SET}, revision = visit_states.revision + 1
where ({_VISIT_NAMES}) is distinct from ({_VISIT_NEW})
returning party_id, revision
"""

_PARTY_SET = ", ".join(
    f"{name} = excluded.{name}" for name in (*PARTY_NOW_COLUMNS.split(", "), "version")
)
_KEEP_PARTY = f"""
insert into party_states (city, party_id, {PARTY_NOW_COLUMNS}, version)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, party_id) do update set {_PARTY_SET}
"""
