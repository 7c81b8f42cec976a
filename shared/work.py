"""One transaction of a service: its writes, the facts that they give rise to, what follows.

Worker, web and command-line edges begin it; handlers see only `shared.ports.Publisher`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from shared.clock import Clock
from shared.contracts.envelope import Envelope, enclose
from shared.db import Connection, Pool
from shared.logs import correlation as current_correlation
from shared.outbox import append


class Work:
    """A transaction under way. `now` is aware UTC and the same throughout."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now
        self._said: list[Envelope] = []
        self._following: list[Callable[[], None]] = []

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
        """Say `fact` when this transaction commits, and never otherwise."""
        why = correlation or (cause.correlation if cause else current_correlation())
        self._said.append(
            enclose(
                fact,
                city=city,
                subject=subject,
                revision=revision,
                correlation=why,
                now=self.now,
            )
        )

    def after_commit(self, follow: Callable[[], None]) -> None:
        """Run `follow` once the transaction stands; it must not raise."""
        self._following.append(follow)

    def flush(self) -> None:
        """Write the facts said so far to the outbox."""
        said, self._said = self._said, []
        append(self.conn, said)

    def follow(self) -> None:
        """Run what waits for the commit."""
        following, self._following = self._following, []
        for step in following:
            step()


@contextmanager
def begin(pool: Pool, clock: Clock) -> Iterator[Work]:
    """A transaction with its outbox; commits at the end, rolls back and stays silent on error."""
    with pool.connection() as conn, conn.transaction():
        work = Work(conn, clock.now())
        yield work
        work.flush()
    work.follow()
