"""A smallest publisher and subscriber on the real plumbing, for tests of the plumbing alone."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.contracts.message import MessageSent
from shared.db import Pool, connect, open_pool
from shared.ids import new_id
from shared.inbox import FactHandler, Inbox
from shared.reader import EventReader
from shared.relay import Relay
from shared.tables import PLUMBING
from shared.work import Work, begin

EFFECTS = "create table effects (event_id uuid, city text, template text)"
FACT = "message.sent.v1"


def prepare(url: str) -> str:
    """Give an empty database the plumbing's tables and one for effects."""
    with connect(url, "probe") as conn:
        conn.execute(PLUMBING.encode())
        conn.execute(EFFECTS)
    return url


def say(pool: Pool, number: int, template: str = "t") -> None:
    """Publish `number` facts from notify, each in its own transaction."""
    for _ in range(number):
        with begin(pool, SystemClock()) as work:
            say_once(work, template)


def say_once(work: Work, template: str) -> None:
    """Publish one fact within `work`."""
    subject = new_id()
    fact = MessageSent(subject, subject, template, "sms", "+1", datetime.now(UTC))
    work.publish(fact, city="c", subject=subject, revision=1)


def record(work: Work, facts: Sequence[Envelope]) -> None:
    """The effect: one row a fact, without any guard of its own, so that doubles would show."""
    rows = [(f.id, f.city, f.data.template) for f in facts]
    with work.conn.cursor() as cursor:
        cursor.executemany("insert into effects values (%s, %s, %s)", rows)


def make_inbox(pool: Pool, handler: FactHandler = record) -> Inbox:
    """An inbox that hears one type of fact."""
    return Inbox(pool, SystemClock(), {FACT: handler})


@contextmanager
def running(*loops: Relay | EventReader) -> Iterator[None]:
    """Run relays and readers in threads for as long as the block lasts."""
    threads = [threading.Thread(target=loop.run, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.stop.set()
        for thread in threads:
            thread.join(timeout=10)


@contextmanager
def pool_of(url: str) -> Iterator[Pool]:
    """A pool that is closed in the end."""
    pool = open_pool(url, name="probe")
    try:
        yield pool
    finally:
        pool.close()


def counted(
    pool: Pool, query: str = "select count(*), count(distinct event_id) from effects"
) -> Callable[[], tuple[int, ...]]:
    """A question to the database, asked anew at each call."""

    def ask() -> tuple[int, ...]:
        with pool.connection() as conn:
            row = conn.execute(query.encode()).fetchone()
        return tuple(int(str(cell)) for cell in row or ())

    return ask
