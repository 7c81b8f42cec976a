"""Forgets what the plumbing no longer needs; every worker's tick runs it about once an hour."""

import time

from shared.db import Pool
from shared.logs import log

KEPT_DAYS = 14
EVERY_SECONDS = 3600.0

_SENT = "delete from outbox where sent_at < now() - make_interval(days => %s)"
_APPLIED = (
    "delete from inbox using inbox_progress p where inbox.publisher = p.publisher"
    " and number <= p.through and applied_at < now() - make_interval(days => %s)"
)


class Housekeeping:
    """Remembers when it was last done."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._due = time.monotonic()

    def keep(self) -> None:
        """Forget facts sent, and ids of facts applied, longer ago than `KEPT_DAYS`, if it is due.

        An inbox keeps ids a day longer than outboxes keep facts, so that none can come again.
        """
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + EVERY_SECONDS
        with self._pool.connection() as conn:
            sent = conn.execute(_SENT, (KEPT_DAYS,)).rowcount
            applied = conn.execute(_APPLIED, (KEPT_DAYS + 1,)).rowcount
        if sent or applied:
            log().info("forgot what is old", sent=sent, applied=applied)
