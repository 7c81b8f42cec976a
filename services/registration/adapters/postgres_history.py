"""A party's history and notes in PostgreSQL, with who wrote them. The staff's desk uses it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.registration.adapters.party_document import read
from services.registration.domain.history import Change
from services.registration.domain.party import Party
from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the staff wrote about a party; taken back, it is only history."""

    id: str
    at: datetime
    person: str
    text: str
    taken_back_at: datetime | None = None
    taken_back_by: str = ""


def changes_of(conn: Connection, party_id: str, after: int = 0) -> list[Change]:
    """The party's changes after that revision, newest first."""
    rows: Any = conn.execute(
        "select revision, changed_by, person, why, changed_at, before, after from party_history"
        " where party_id = %s and revision > %s order by revision desc",
        (party_id, after),
    ).fetchall()
    return [
        Change(revision, actor, person, why, at, read(before) if before else None, read(state))
        for revision, actor, person, why, at, before, state in rows
    ]


def state_at(conn: Connection, party_id: str, revision: int) -> Party | None:
    """The party as that revision left it."""
    row: Any = conn.execute(
        "select after from party_history where party_id = %s and revision = %s",
        (party_id, revision),
    ).fetchone()
    return read(row[0]) if row else None


def sign(conn: Connection, party: Party, person: str, why: str) -> None:
    """Say who made the party's newest change, and why; within the same transaction."""
    conn.execute(
        "update party_history set person = %s, why = %s where party_id = %s and revision = %s",
        (person[:200], why[:500], party.id, party.revision),
    )


def notes_of(conn: Connection, party_id: str) -> list[Note]:
    """The party's notes, newest first, those taken back among them."""
    rows: Any = conn.execute(
        "select id::text, at, person, text, taken_back_at, taken_back_by from party_notes"
        " where party_id = %s order by at desc, id desc",
        (party_id,),
    ).fetchall()
    return [Note(*row) for row in rows]


def add_note(
    conn: Connection, party: Party, at: datetime, person: str, text: str, bulk: str | None = None
) -> None:
    """Keep a note."""
    conn.execute(
        "insert into party_notes (id, city, party_id, at, person, text, bulk_id)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (new_id(), party.city, party.id, at, person[:200], text, bulk),
    )
