"""Opens the transactions in which messages are handled. Main modules and the worker use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from services.notify.adapters.desk import PostgresDesk
from services.notify.ports.handing import Shift
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.contracts.message import MessageFailed, MessageSent
from shared.db import Pool
from shared.logs import log
from shared.work import Work, begin


@contextmanager
def open_shift(pool: Pool, clock: Clock) -> Iterator[Shift]:
    """One transaction in which messages are handled."""
    with begin(pool, clock) as work:
        yield Shift(PostgresDesk(work.conn), Aloud(work), work.now)


@dataclass(frozen=True, slots=True)
class Aloud:
    """Publishes, and once that stands logs what became of a message under its correlation id."""

    work: Work

    def publish(
        self,
        fact: object,
        *,
        city: str,
        subject: str,
        revision: int,
        cause: Envelope | None = None,
        correlation: str | None = None,
    ) -> None:
        self.work.publish(
            fact,
            city=city,
            subject=subject,
            revision=revision,
            cause=cause,
            correlation=correlation,
        )
        if isinstance(fact, MessageSent | MessageFailed):
            self.work.after_commit(partial(_log_fate, fact, correlation or ""))


def _log_fate(fact: MessageSent | MessageFailed, correlation: str) -> None:
    log().info(
        "message sent" if isinstance(fact, MessageSent) else "message failed",
        message=fact.message_id,
        template=fact.template,
        channel=fact.channel,
        correlation=correlation,
    )
