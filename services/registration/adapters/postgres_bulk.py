"""Bulk changes and what each did to its rows, in PostgreSQL. The staff's desk uses it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from shared.db import Connection

Outcome = Literal["done", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What became of one party; `revision` is what the change left, 0 where it changed nothing."""

    party_id: str
    outcome: Outcome
    words: str = ""
    revision: int = 0
    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """One change of many parties."""

    id: str
    city: str
    kind: str
    value: str
    at: datetime
    person: str
    undone_at: datetime | None
    rows: tuple[BulkRow, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many rows came out so."""
        return sum(row.outcome == outcome for row in self.rows)


def keep_bulk(conn: Connection, bulk: Bulk) -> None:
    """Keep it with its rows."""
    conn.execute(
        "insert into bulk_changes (id, city, kind, value, at, person)"
        " values (%s, %s, %s, %s, %s, %s)",
        (bulk.id, bulk.city, bulk.kind, bulk.value, bulk.at, bulk.person[:200]),
    )
    keep_rows(conn, bulk.id, bulk.rows)


def keep_rows(conn: Connection, bulk_id: str, rows: Sequence[BulkRow]) -> None:
    """Keep what became of its rows."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into bulk_rows (bulk_id, party_id, line, outcome, words, revision)"
            " values (%s, %s, %s, %s, %s, %s)",
            [(bulk_id, r.party_id, n, r.outcome, r.words, r.revision) for n, r in enumerate(rows)],
        )


def bulk_of(conn: Connection, city: str, bulk_id: str) -> Bulk | None:
    """The bulk change, with its rows in their order."""
    found: Any = conn.execute(
        "select id::text, city, kind, value, at, person, undone_at from bulk_changes"
        " where city = %s and id::text = %s",
        (city, bulk_id),
    ).fetchone()
    if found is None:
        return None
    rows: Any = conn.execute(
        "select party_id::text, outcome, words, r.revision, p.code,"
        " p.document #>> '{details,name}' from bulk_rows r join parties p on p.id = r.party_id"
        " where bulk_id = %s order by line",
        (bulk_id,),
    ).fetchall()
    return replace(Bulk(*found), rows=tuple(BulkRow(*row) for row in rows))


def newest_bulks(conn: Connection, city: str) -> list[Bulk]:
    """The city's last bulk changes, without their rows."""
    rows: Any = conn.execute(
        "select id::text, city, kind, value, at, person, undone_at from bulk_changes"
        " where city = %s order by at desc limit 10",
        (city,),
    ).fetchall()
    return [Bulk(*row) for row in rows]


def mark_undone(conn: Connection, bulk_id: str, at: datetime) -> None:
    """The bulk change was undone."""
    conn.execute("update bulk_changes set undone_at = %s where id = %s", (at, bulk_id))


def take_notes_back(conn: Connection, bulk_id: str, at: datetime, person: str) -> list[str]:
    """Take back the notes that it added, which stay as history; the parties that had one."""
    rows = conn.execute(
        "update party_notes set taken_back_at = %s, taken_back_by = %s"
        " where bulk_id = %s and taken_back_at is null returning party_id::text",
        (at, person[:200], bulk_id),
    )
    return [str(row[0]) for row in rows]
