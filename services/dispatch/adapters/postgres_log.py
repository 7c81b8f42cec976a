"""The port `AuditLog` on PostgreSQL, within the connection's transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from services.dispatch.adapters.night_rows import (
    ACTION_COLUMNS,
    ENTRY_COLUMNS,
    action_of,
    details_json,
    entry_of,
)
from services.dispatch.domain.actions import (
    OF_CREW,
    OF_NIGHT,
    OF_ORDER,
    OF_PARTY,
    OF_TEAM,
    Action,
    Entry,
    Kind,
)
from shared.db import Connection


class PostgresLog:
    """A row an action."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def find(self, city: str, action: str) -> Entry | None:
        """What was taken down under this id."""
        found = self._entries("city = %s and id = %s", (city, action))
        return found[0] if found else None

    def take_down(self, city: str, entry: Entry) -> Entry:
        """Write the entry; returns it with its number."""
        action, by = entry.action, entry.action.by
        row: Any = self._conn.execute(
            _TAKE_DOWN,
            (
                *(city, action.id, entry.version, action.kind, action.team, action.party),
                *(action.at, action.told_at, action.received_at, by.id, by.name, by.source),
                *(details_json(action.details), entry.applied, entry.refusal),
                *(list(entry.touched), orjson.dumps(entry.changes).decode()),
                entry.undoes or None,
            ),
        ).fetchone()
        return replace(entry, action=replace(action, number=row[0]))

    def mark_undone(self, city: str, action: str, by: str) -> None:
        """The action no longer counts."""
        self._conn.execute(
            "update actions set undone_by = %s where city = %s and id = %s", (by, city, action)
        )

    def since(self, city: str, version: int, keys: Collection[str]) -> Sequence[Entry]:
        """What touched any of these things after the board's change `version`."""
        where = "city = %s and version > %s and applied and touched && %s order by number"
        return self._entries(where, (city, version, list(keys)))

    def later(self, city: str, number: int, keys: Collection[str]) -> Sequence[Entry]:
        """What touched any of these things after action `number` and still counts."""
        where = (
            "city = %s and number > %s and applied and undone_by is null and undoes is null"
            " and touched && %s order by number"
        )
        return self._entries(where, (city, number, list(keys)))

    def after(self, city: str, number: int, most: int) -> Sequence[Entry]:
        """The oldest entries after action `number`."""
        where = "city = %s and number > %s order by number limit %s"
        return self._entries(where, (city, number, most))

    def of_night(self, city: str) -> Sequence[Action]:
        """What was done to the night as a whole and still counts."""
        return self._actions("", (city, list(OF_NIGHT)))

    def of_teams(self, city: str, teams: Collection[str]) -> Mapping[str, Sequence[Action]]:
        """What the teams did and still counts, refused ones included."""
        logs: dict[str, list[Action]] = {team: [] for team in teams}
        for action in self._actions(
            "and team_id = any(%s)", (city, [*OF_TEAM, Kind.JOIN_TEAMS], list(teams))
        ):
            logs[action.team].append(action)
        return logs

    def of_party(self, city: str, party: str) -> Sequence[Action]:
        """What was said of a party and still counts."""
        return self._actions("and party_id = %s", (city, list(OF_PARTY), party))

    def of_orders(self, city: str) -> Sequence[Action]:
        """Which visits people have given to which teams, as far as it still counts."""
        return self._actions("and applied", (city, list(OF_ORDER)))

    def of_crews(self, city: str) -> Sequence[Action]:
        """Which teams were split or joined, as far as it still counts."""
        return self._actions("and applied", (city, list(OF_CREW)))

    def broadcasts(self, city: str) -> Sequence[Action]:
        """What was told to teams."""
        return self._actions("", (city, [Kind.BROADCAST]))

    def _entries(self, where: str, values: tuple[object, ...]) -> list[Entry]:
        query: Any = f"select {ENTRY_COLUMNS} from actions where {where}"
        return [entry_of(row) for row in self._conn.execute(query, values)]

    def _actions(self, where: str, values: tuple[object, ...]) -> list[Action]:
        query: Any = (
            f"select {ACTION_COLUMNS} from actions where city = %s and kind = any(%s)"
            f" and undone_by is null {where} order by number"
        )
        return [action_of(row) for row in self._conn.execute(query, values)]


_TAKE_DOWN = """
insert into actions (city, id, version, kind, team_id, party_id, at, told_at, received_at,
    by_id, by_name, source, details, applied, refusal, touched, changes, undoes)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
returning number
"""
