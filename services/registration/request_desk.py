"""The request desk: takes requests for programmes, shows the queue, keeps what became of them.

Only pages go through it.
"""

from dataclasses import dataclass

from services.registration.adapters.postgres_requests import PostgresRequestBook
from services.registration.domain.checks import ContactReader
from services.registration.domain.city import City
from services.registration.domain.programmes import ProgrammeRequest, Wish
from services.registration.handlers.programmes import (
    Step,
    ask_for_programmes,
    open_first,
    take_step,
    undo_step,
)
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.work import begin


class NoSuchRequest(LookupError):
    """There is no such request in this city."""


@dataclass(frozen=True, slots=True)
class RequestDesk:
    """Everything that requests need; one for each process."""

    pool: Pool
    clock: Clock
    contacts: ContactReader

    def ask(self, wish: Wish, city: City, key: str) -> list[ProgrammeRequest]:
        """Take a resident's wish; raises `Rejected`."""
        with begin(self.pool, self.clock) as work:
            book = PostgresRequestBook(work.conn)
            return ask_for_programmes(wish, city, self.contacts, book, work.now, key)

    def queue(self, city: City) -> list[ProgrammeRequest]:
        """All requests of the city, open ones first."""
        with self.pool.connection() as conn:
            return open_first(PostgresRequestBook(conn).in_city(city.slug))

    def note_reading(self, city: City, shown: int, how: str) -> None:
        """Put into the audit log that somebody saw contacts."""
        with self.pool.connection() as conn:
            record(conn, "contacts of requests read", f"{shown} {how}", city=city.slug)

    def step(self, city: City, request_id: str, step: Step, who: str) -> ProgrammeRequest:
        """Take one step with a request; raises `NoSuchRequest`, `RequestMoved`, `Rejected`."""
        with begin(self.pool, self.clock) as work:
            book = PostgresRequestBook(work.conn)
            request = _held(book, city, request_id)
            record(work.conn, f"request: {step.act}", request.programme, city=city.slug)
            return take_step(request, step, who, book, work.now)

    def undo(self, city: City, request_id: str, seen: int, who: str) -> ProgrammeRequest:
        """Undo a request's last step; raises as `step` does."""
        with begin(self.pool, self.clock) as work:
            book = PostgresRequestBook(work.conn)
            request = _held(book, city, request_id)
            record(work.conn, "request: undo", request.programme, city=city.slug)
            return undo_step(request, seen, who, book, work.now)


def _held(book: PostgresRequestBook, city: City, request_id: str) -> ProgrammeRequest:
    found = book.hold(city.slug, request_id)
    if found is None:
        raise NoSuchRequest("There is no such request here.")
    return found
