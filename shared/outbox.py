"""The outbox: facts written in the same transaction as the state that they tell of.

`shared.work` appends, `shared.relay` reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.envelope import Envelope, encode
from shared.db import Connection


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact as the relay sends it."""

    number: int
    body: bytes


def append(conn: Connection, envelopes: Sequence[Envelope]) -> None:
    """Write the envelopes to the outbox; the relay wakes when the transaction commits."""
    insert = "insert into outbox (event_id, type, body) values (%s, %s, %s)"
    rows = [(e.id, e.type, encode(e)) for e in envelopes]
    if len(rows) == 1:
        conn.execute(insert, rows[0])
    elif rows:
        conn.execute(
            "insert into outbox (event_id, type, body)"
            " select * from unnest(%s::uuid[], %s::text[], %s::bytea[])",
            tuple(list(column) for column in zip(*rows, strict=True)),
        )


def number_unsent(conn: Connection, most: int) -> list[Numbered]:
    """Give the oldest unsent facts the next gapless numbers, for good, and return them in order.

    Numbers are committed before anything is sent: a fact keeps its number through any crash, or a
    subscriber would look for ever for one that now belongs to another fact.
    """
    rows = conn.execute(_NUMBER, (most,)).fetchall()
    return [Numbered(int(str(n)), bytes(b)) for n, b in rows]  # type: ignore[call-overload]


def mark_sent(conn: Connection, numbers: Sequence[int]) -> None:
    """Record that Redis has taken these; losing this record only sends them again."""
    with conn.transaction():
        conn.execute("set local synchronous_commit = off")
        conn.execute("update outbox set sent_at = now() where number = any(%s)", (list(numbers),))


def numbered_between(conn: Connection, first: int, last: int) -> list[Numbered]:
    """The facts with numbers in [first, last], for a subscriber that misses them."""
    rows = conn.execute(
        "select number, body from outbox where number between %s and %s order by number",
        (first, last),
    ).fetchall()
    return [Numbered(int(str(n)), bytes(b)) for n, b in rows]  # type: ignore[call-overload]


def highest_sent(conn: Connection) -> int:
    """The highest number that was sent; 0 before the first."""
    row = conn.execute(
        "select coalesce(max(number), 0) from outbox where sent_at is not null"
    ).fetchone()
    return int(str(row[0])) if row else 0


def forget_sent(conn: Connection, days: int) -> int:
    """Delete facts sent more than `days` ago; returns how many."""
    done = conn.execute(
        "delete from outbox where sent_at < now() - make_interval(days => %s)", (days,)
    )
    return done.rowcount


_NUMBER = """
with unsent as (
    select id, number from outbox where sent_at is null order by id limit %s
), fresh as (
    select id, row_number() over (order by id) as place from unsent where number is null
), state as (
    update relay_state set highest = highest + (select count(*) from fresh)
    where exists (select from fresh)
    returning highest
), numbered as (
    update outbox o
    set number = (select highest from state) - (select count(*) from fresh) + f.place
    from fresh f where o.id = f.id
    returning o.number, o.body
)
select number, body from numbered
union all
select o.number, o.body from unsent u join outbox o using (id) where u.number is not null
order by 1
"""
