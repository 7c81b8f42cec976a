"""Forgets what nobody will ask for again. The worker's tick calls it about once an hour."""

from shared import outbox
from shared.db import Connection

KEEP_DAYS = 7


def forget_old(conn: Connection) -> None:
    """Delete facts said and heard more than a week ago.

    A heard fact is forgotten only where nothing before it is missing: gaps are found by what the
    inbox holds beyond that point.
    """
    outbox.forget_sent(conn, KEEP_DAYS)
    conn.execute(_FORGET_HEARD, (KEEP_DAYS,))


_FORGET_HEARD = """
delete from inbox i using inbox_progress p
where p.publisher = i.publisher and i.number <= p.through
and i.applied_at < now() - make_interval(days => %s)
"""
