"""Lets failed messages be tried again, and decides those of which nobody knows. Pages use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.notify.adapters.failing import (
    GIVEN_UP,
    REFUSED,
    UNSURE,
    mark_arrived,
    try_again,
    undo_again,
)
from services.notify.domain.wording import masked
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.contracts.message import MessageSent
from shared.db import Pool
from shared.work import begin

UNDO_LASTS = timedelta(seconds=20)
"""So long a second try waits, for the one who changes his mind."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """Decisions on messages of a city; each is in the audit log."""

    pool: Pool
    clock: Clock

    def again(self, city: str, ids: Sequence[str]) -> int:
        """Try those again for which it is safe; returns how many."""
        return self._again(city, ids, (REFUSED, GIVEN_UP), "message tried again")

    def send_again(self, city: str, message_id: str) -> int:
        """Somebody knows that it did not arrive, where nobody knew."""
        return self._again(city, [message_id], (UNSURE,), "unsure message sent again")

    def _again(self, city: str, ids: Sequence[str], states: Sequence[str], what: str) -> int:
        now = self.clock.now()
        with self.pool.connection() as conn:
            times = (now, now + UNDO_LASTS)
            done = try_again(conn, city, ids, states, current_actor().name, times)
            for id_ in done:
                record(conn, what, f"message {id_}", city=city)
        return len(done)

    def undo(self, city: str, message_id: str) -> bool:
        """Take a second try back; False where the message is on its way."""
        with self.pool.connection() as conn:
            undone = undo_again(conn, city, message_id, self.clock.now())
            if undone:
                record(conn, "second try taken back", f"message {message_id}", city=city)
        return undone

    def arrived(self, city: str, message_id: str) -> bool:
        """Somebody knows that it arrived; the other services hear of it."""
        with begin(self.pool, self.clock) as work:
            m = mark_arrived(work.conn, city, message_id, work.now)
            if m is None:
                return False
            to = masked(m.channel, m.to)
            fact = MessageSent(m.id, m.party_id, m.template, m.channel, to, work.now)
            work.publish(
                fact, city=city, subject=m.id, revision=m.attempts, correlation=m.correlation
            )
            record(work.conn, "unsure message had arrived", f"message {m.id}", city=city)
        return True
