"""The outbox: facts written in the same transaction as the state that they tell of.

`shared.work` appends, `shared.relay` reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.envelope import Envelope, encode
from shared.db import Connection


@dataclass(frozen=True, slots=True, order=True)
class Numbered:
    """A fact as the relay sends it."""

    number: int
    body: bytes


def append(conn: Connection, envelopes: Sequence[Envelope]) -> None:
    """Write the envelopes to the outbox; the relay wakes when the transaction commits.

    Arrays go in binary, for in text each item is searched for what has to be escaped.
    """
    insert = "insert into outbox (event_id, type, body) values (%s, %s, %s)"
    rows = [(e.id, e.type, encode(e)) for e in envelopes]
    if len(rows) == 1:
        conn.execute(insert, rows[0])
    elif rows:
        conn.execute(
            "insert into outbox (event_id, type, body)"
            " select * from unnest(%b::text[]::uuid[], %b::text[], %b::bytea[])",
            tuple(list(column) for column in zip(*rows, strict=True)),
        )


def highest_numbered(conn: Connection) -> int:
    """The highest number ever given here; 0 before the first."""
    row = conn.execute("select highest from relay_state").fetchone()
    return int(str(row[0])) if row else 0


def number_unsent(conn: Connection, most: int, highest: int) -> list[Numbered]:
    """Give the oldest unsent facts the numbers after `highest`, for good; returns them in order.

    Numbers are committed before anything is sent: a fact keeps its number through any crash, or a
    subscriber would look for ever for one that now belongs to another fact.
    """
    rows: list[Any] = conn.execute(
        "select id, number, body from outbox where sent_at is null order by id limit %s", (most,)
    ).fetchall()
    fresh = [row[0] for row in rows if row[1] is None]
    given = dict(zip(fresh, range(highest + 1, highest + len(fresh) + 1), strict=True))
    if given:
        _keep_numbers(conn, given)
    return sorted(Numbered(given.get(id_, number), body) for id_, number, body in rows)


def _keep_numbers(conn: Connection, given: dict[int, int]) -> None:
    conn.execute(
        "with kept as (update relay_state set highest = %s)"
        " update outbox set number = given.number"
        " from unnest(%s::bigint[], %s::bigint[]) given (id, number)"
        " where outbox.id = given.id",
        (max(given.values()), list(given), list(given.values())),
    )


def mark_sent(conn: Connection, numbers: Sequence[int]) -> None:
    """Record that Redis has taken these; losing this record only sends them again."""
    with conn.pipeline(), conn.transaction():
        conn.execute("set local synchronous_commit = off")
        conn.execute("update outbox set sent_at = now() where number = any(%s)", (list(numbers),))


def numbered_between(conn: Connection, first: int, last: int) -> list[Numbered]:
    """The facts with numbers in [first, last], for a subscriber that misses them."""
    rows: list[Any] = conn.execute(
        "select number, body from outbox where number between %s and %s order by number",
        (first, last),
    ).fetchall()
    return [Numbered(number, body) for number, body in rows]


def highest_sent(conn: Connection) -> int:
    """The highest number that was sent; 0 before the first."""
    row = conn.execute(
        "select coalesce(max(number), 0) from outbox where sent_at is not null"
    ).fetchone()
    return int(str(row[0])) if row else 0
