"""Transactions of the night on PostgreSQL, and its audit log. Composition roots use it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.adapters.postgres_log import PostgresLog
from services.dispatch.adapters.postgres_night import PostgresNights, PostgresRosters
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities
from services.dispatch.domain.actions import Entry
from services.dispatch.handlers.turn import Acting
from shared.clock import Clock
from shared.db import Pool
from shared.work import begin


def acting(pool: Pool, clock: Clock) -> Callable[[], AbstractContextManager[Acting]]:
    """Begins transactions of the night."""

    @contextmanager
    def session() -> Iterator[Acting]:
        with begin(pool, clock) as work:
            conn = work.conn
            log, nights, rosters = PostgresLog(conn), PostgresNights(conn), PostgresRosters(conn)
            dirty, boards = PostgresDirtyCities(conn), PostgresBoards(conn)
            yield Acting(log, nights, rosters, dirty, boards, work, work.now)

    return session


class AuditReader:
    """The audit log, each reading a transaction of its own."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def after(self, city: str, number: int, most: int) -> Sequence[Entry]:
        """The oldest entries after entry `number`."""
        with self._pool.connection() as conn:
            return PostgresLog(conn).after(city, number, most)
