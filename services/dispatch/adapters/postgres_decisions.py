"""Policies, hand edits and the history of blocks on PostgreSQL, within a transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.dispatch.adapters.policy_document import policy_json, stored_policies
from services.dispatch.domain.edits import Edit
from services.dispatch.domain.policy import Policies
from shared.db import Connection

EDIT_COLUMNS = (
    "id, kind, parties, team, visitor, earliest, latest, only_these, reason, made_by, made_at,"
    " version"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A city's policies with the decision that set them; version 0: nobody has yet."""

    policies: Policies
    version: int = 0
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An edit that was taken back, by whom and when."""

    edit: Edit
    version: int
    by: str
    at: datetime


class PostgresDecisions:
    """What planners decided."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def next_version(self, city: str) -> int:
        """The number of a new decision; until the transaction ends others wait for it."""
        row: Any = self._conn.execute(_COUNT, (city,)).fetchone()
        return int(row[0])

    def version(self, city: str) -> int:
        """The number of the newest decision."""
        row: Any = self._conn.execute(
            "select version from decisions where city = %s", (city,)
        ).fetchone()
        return int(row[0]) if row else 0

    def settled(self, city: str) -> Settled:
        """The policies that hold."""
        row: Any = self._conn.execute(
            "select settings, version, changed_by, changed_at from policies"
            " where city = %s order by version desc limit 1",
            (city,),
        ).fetchone()
        return Settled(stored_policies(row[0]), *row[1:]) if row else Settled(Policies())

    def settle(self, city: str, version: int, policies: Policies, by: str, at: datetime) -> None:
        """Let policies hold from now on."""
        document = orjson.dumps(policy_json(policies)).decode()
        self._conn.execute(
            "insert into policies (city, version, settings, changed_by, changed_at)"
            " values (%s, %s, %s, %s, %s)",
            (city, version, document, by, at),
        )

    def edits(self, city: str) -> tuple[Edit, ...]:
        """The edits that were not withdrawn, in their order."""
        rows = self._conn.execute(
            f"select {EDIT_COLUMNS} from edits where city = %s and withdrawn_at is null"
            " order by version",
            (city,),
        ).fetchall()
        return tuple(_edit(row) for row in rows)

    def withdrawn(self, city: str, most: int = 100) -> list[Withdrawn]:
        """The edits that were taken back, the latest first."""
        rows: Any = self._conn.execute(
            f"select {EDIT_COLUMNS}, withdrawn_version, withdrawn_by, withdrawn_at from edits"
            " where city = %s and withdrawn_at is not null"
            " order by withdrawn_version desc limit %s",
            (city, most),
        ).fetchall()
        return [Withdrawn(_edit(row[:12]), *row[12:]) for row in rows]

    def add(self, city: str, edit: Edit) -> None:
        """Keep an edit."""
        values = (edit.id, edit.kind, list(edit.parties), edit.team, edit.visitor)
        rest = (edit.earliest, edit.latest, edit.only, edit.reason, edit.by, edit.at, edit.version)
        self._conn.execute(
            f"insert into edits (city, {EDIT_COLUMNS}) values ({', '.join(['%s'] * 13)})",
            (city, *values, *rest),
        )

    def withdraw(self, city: str, edit: str, version: int, by: str, at: datetime) -> bool:
        """Take an edit back; whether it was there."""
        done = self._conn.execute(
            "update edits set withdrawn_version = %s, withdrawn_by = %s, withdrawn_at = %s"
            " where city = %s and id = %s and withdrawn_at is null",
            (version, by, at, city, edit),
        )
        return done.rowcount == 1

    def absent(self, city: str, year: int) -> Mapping[str, int]:
        """The years since each party's block was last visited, where it ever was."""
        rows: Any = self._conn.execute(
            "select p.id, %s - max(h.last_visited) from block_history h join parties p"
            " on p.city = h.city and h.block in (block_key(p.address), hundred_key(p.address))"
            " where h.city = %s and not p.withdrawn group by p.id",
            (year, city),
        ).fetchall()
        return {str(party): int(years) for party, years in rows}

    def keep_history(self, city: str, visited: Collection[tuple[str, int]]) -> int:
        """Keep in which year each address was last visited; the later year counts."""
        with self._conn.cursor() as cursor:
            cursor.executemany(_KEEP_HISTORY, [(city, a, a, year) for a, year in visited])
            return cursor.rowcount


def _edit(row: Sequence[Any]) -> Edit:
    key, kind, parties, *rest = row
    return Edit(key, kind, tuple(parties), *rest)


_COUNT = """
insert into decisions (city, version) values (%s, 1)
on conflict (city) do update set version = decisions.version + 1
returning version
"""

_KEEP_HISTORY = """
insert into block_history (city, block, address, last_visited)
values (%s, block_key(%s), %s, %s)
on conflict (city, block) do update set last_visited = excluded.last_visited,
    address = excluded.address
where excluded.last_visited > block_history.last_visited
"""
