"""Works the call list off; numbers are shown on request, which is noted. Pages use it."""

from dataclasses import dataclass

from services.notify.adapters.calling import Call, close_call, open_call, read_call, read_calls
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool


@dataclass(frozen=True, slots=True)
class Calling:
    """The call lists of all cities."""

    pool: Pool
    clock: Clock

    def reveal(self, city: str, call_id: str) -> Call | None:
        """The call with its whole number."""
        found = read_call(self.pool, city, call_id)
        if found:
            with self.pool.connection() as conn:
                record(conn, "number shown", f"{found.code}, to call", city=city)
        return found

    def reveal_all(self, city: str) -> list[Call]:
        """The whole list with whole numbers, to print."""
        found = read_calls(self.pool, city, done=False, whole=True)
        with self.pool.connection() as conn:
            record(conn, "call list printed", f"{len(found)} numbers", city=city)
        return found

    def done(self, city: str, call_id: str, note: str) -> bool:
        """The host was called."""
        with self.pool.connection() as conn:
            who, now = current_actor().name, self.clock.now()
            party = close_call(conn, city, call_id, who, note.strip()[:1000], now)
            if party:
                record(conn, "host called", f"call {call_id}", city=city)
        return bool(party)

    def reopen(self, city: str, call_id: str) -> bool:
        """The host was not called after all."""
        with self.pool.connection() as conn:
            party = open_call(conn, city, call_id)
            if party:
                record(conn, "call opened again", f"call {call_id}", city=city)
        return bool(party)
