"""Dead letters: what could not be applied, kept with its bytes until a person settles it.

The inbox and the task edge bury; pages and the command line look, replay and discard.
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from shared.db import Connection
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that died: its bytes as they came, why, after how many attempts, and since."""

    id: str
    publisher: str
    number: int | None
    type: str
    body: bytes
    error: str
    attempts: int
    died_at: datetime
    state: str


_COLUMNS = "id::text, publisher, number, type, body, error, attempts, died_at, state"


def bury(
    conn: Connection,
    *,
    publisher: str,
    number: int | None,
    type_: str,
    body: bytes,
    error: str,
    attempts: int,
) -> None:
    """Keep a message that could not be applied."""
    conn.execute(
        "insert into dead_letters (id, publisher, number, type, body, error, attempts)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (new_id(), publisher, number, _clean(type_), body, _clean(error), attempts),
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "\\0")[:4000]


def dead(conn: Connection, most: int = 200) -> list[DeadLetter]:
    """The letters that nobody has settled, newest first."""
    with conn.cursor(row_factory=class_row(DeadLetter)) as cursor:
        query = (
            f"select {_COLUMNS} from dead_letters where state = 'dead' order by id desc limit %s"
        )
        return cursor.execute(query.encode(), (most,)).fetchall()


def find(conn: Connection, id_: str) -> DeadLetter | None:
    """The letter whose id is, or uniquely begins with, `id_`."""
    with conn.cursor(row_factory=class_row(DeadLetter)) as cursor:
        query = f"select {_COLUMNS} from dead_letters where starts_with(id::text, %s) limit 2"
        found = cursor.execute(query.encode(), (id_,)).fetchall()
    return found[0] if len(found) == 1 else None


def settle(conn: Connection, id_: str, state: str) -> None:
    """Mark the letter 'replayed' or 'discarded'."""
    conn.execute(
        "update dead_letters set state = %s, settled_at = now() where id = %s", (state, id_)
    )
