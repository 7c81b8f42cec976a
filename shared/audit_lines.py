"""Writes single lines of the audit log, whoever acts. `shared.audit` and workers use it."""

from dataclasses import dataclass

from shared.db import Connection


@dataclass(frozen=True, slots=True)
class Line:
    """What is written: what was done to which object in which city, by whom, from where."""

    what: str
    object: str
    city: str
    actor: str
    actor_id: str = ""
    address: str = ""


def write(conn: Connection, line: Line) -> None:
    """Add the line within the transaction."""
    conn.execute(
        "insert into audit (actor_id, actor, city, what, object, address)"
        " values (%s, %s, %s, %s, %s, %s)",
        (line.actor_id, line.actor[:200], line.city, line.what, line.object[:500], line.address),
    )
