"""Finds numbers that never arrived and asks the publisher's relay for them again.

The event reader runs it between reads. A number counts as missing once the stream has been read
past it, or to its end, and still misses it a grace period later; so a flushed, evicted or
unpersisted Redis loses nothing.
"""

import json
import time
from itertools import pairwise

from shared.db import Connection
from shared.redis import Redis
from shared.routes import highest_key, repair_key

GRACE_SECONDS = 2.0
MOST_AT_ONCE = 2_000


class GapWatch:
    """Watches one publisher's numbers for one subscriber."""

    def __init__(self, publisher: str) -> None:
        self._publisher = publisher
        self._since: dict[int, float] = {}

    def check(self, conn: Connection, redis: Redis, *, read_to_end: bool) -> list[int]:
        """Ask for what has been missing for longer than the grace; returns those numbers."""
        through = advance(conn, self._publisher)
        target = self._highest_announced(redis) if read_to_end else highest(conn, self._publisher)
        lost = self._overdue(missing(conn, self._publisher, through, target))
        for first, last in ranges(lost):
            redis.rpush(repair_key(self._publisher), json.dumps([first, last]))
        return lost

    def _highest_announced(self, redis: Redis) -> int:
        return int(redis.get(highest_key(self._publisher)) or 0)

    def _overdue(self, numbers: list[int]) -> list[int]:
        now = time.monotonic()
        self._since = {n: self._since.get(n, now) for n in numbers}
        lost = [n for n, since in self._since.items() if now - since >= GRACE_SECONDS]
        self._since.update(dict.fromkeys(lost, now))
        return lost


def advance(conn: Connection, publisher: str) -> int:
    """Move the mark up to which nothing is missing as far as it goes; returns it."""
    row = conn.execute(
        """
        with mark as (
            select coalesce(max(through), 0) as t from inbox_progress where publisher = %(p)s
        ), run as (
            select number, number - row_number() over (order by number) as before
            from (select distinct number from inbox, mark
                  where publisher = %(p)s and number > t) later
        )
        insert into inbox_progress
        select %(p)s, coalesce(max(number), t) from mark left join run on before = t group by t
        on conflict (publisher)
        do update set through = greatest(inbox_progress.through, excluded.through)
        returning through
        """,
        {"p": publisher},
    ).fetchone()
    return int(str(row[0])) if row else 0


def highest(conn: Connection, publisher: str) -> int:
    """The highest number of the publisher that arrived here."""
    row = conn.execute(
        "select coalesce(max(number), 0) from inbox where publisher = %s", (publisher,)
    ).fetchone()
    return int(str(row[0])) if row else 0


def missing(conn: Connection, publisher: str, through: int, target: int) -> list[int]:
    """The first numbers in (through, target] that have not arrived."""
    rows = conn.execute(
        "select n from generate_series(%s::bigint, %s::bigint) n"
        " where not exists (select from inbox where publisher = %s and number = n)"
        " order by n limit %s",
        (through + 1, target, publisher, MOST_AT_ONCE),
    ).fetchall()
    return [int(str(row[0])) for row in rows]


def skip(conn: Connection, publisher: str, first: int, last: int) -> None:
    """Stop waiting for [first, last]: the publisher no longer has them."""
    conn.execute(
        "update inbox_progress set through = greatest(through, %s)"
        " where publisher = %s and through >= %s",
        (last, publisher, first - 1),
    )


def ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Ascending numbers as closed ranges: [4, 5, 6, 9] is [(4, 6), (9, 9)]."""
    if not numbers:
        return []
    breaks = [(a, b) for a, b in pairwise(numbers) if b != a + 1]
    firsts = [numbers[0], *(b for _, b in breaks)]
    lasts = [*(a for a, _ in breaks), numbers[-1]]
    return list(zip(firsts, lasts, strict=True))
