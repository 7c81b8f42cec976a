"""Transactions of the night on PostgreSQL, and its audit log. Composition roots use it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from services.dispatch.adapters.postgres_decisions import PostgresDecisions
from services.dispatch.adapters.postgres_durations import PostgresDurations
from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.adapters.postgres_log import PostgresLog
from services.dispatch.adapters.postgres_night import PostgresNightBook, PostgresNights
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities, PostgresPlans
from services.dispatch.adapters.postgres_proposals import PostgresPromises, PostgresProposals
from services.dispatch.adapters.postgres_staffing import PostgresStaffing
from services.dispatch.domain.actions import Entry
from services.dispatch.domain.promise import Calibration, calibration
from services.dispatch.handlers.publishing import Session
from services.dispatch.handlers.turn import Acting
from shared.clock import Clock
from shared.db import Pool
from shared.work import Work, begin


def acting_of(work: Work) -> Acting:
    """The night's ports within a transaction."""
    conn = work.conn
    return Acting(
        log=PostgresLog(conn),
        nights=PostgresNights(conn),
        book=PostgresNightBook(conn),
        proposals=PostgresProposals(conn),
        promises=PostgresPromises(conn),
        durations=PostgresDurations(conn),
        dirty=PostgresDirtyCities(conn),
        boards=PostgresBoards(conn),
        publisher=work,
        staffing=PostgresStaffing(conn),
        now=work.now,
    )


def session_of(work: Work) -> Session:
    """Planning's ports within a transaction, the night's among them."""
    conn = work.conn
    stores = (PostgresPlans(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
    return Session(*stores, work, work.now, PostgresDecisions(conn), acting_of(work))


def sessions(pool: Pool, clock: Clock) -> Callable[[], AbstractContextManager[Session]]:
    """Begins transactions of the night."""

    @contextmanager
    def session() -> Iterator[Session]:
        with begin(pool, clock) as work:
            yield session_of(work)

    return session


class ClockedNights:
    """What the passing of time has to do with, each look a transaction of its own."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def look(self) -> tuple[datetime, Sequence[str], Sequence[tuple[str, str]]]:
        """The time, the cities whose evening runs, and city and id of overdue proposals."""
        now = self._clock.now()
        with self._pool.connection() as conn:
            running = conn.execute("select city from nights where state in ('open', 'held')")
            cities = [str(row[0]) for row in running]
            return now, cities, PostgresProposals(conn).overdue(now)


class AuditReader:
    """What people look up of the night, each reading a transaction of its own."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def after(self, city: str, number: int, most: int) -> Sequence[Entry]:
        """The oldest entries after entry `number`."""
        with self._pool.connection() as conn:
            return PostgresLog(conn).after(city, number, most)

    def calibration(self, city: str) -> Calibration:
        """How often promises were kept, beside how often it was said that they would be."""
        with self._pool.connection() as conn:
            return calibration(list(PostgresPromises(conn).all(city)))
