"""A whole notify on a real database without processes: facts in, messages and facts out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NoReturn, TypeVar

import orjson
from psycopg.rows import scalar_row

from services.notify.adapters.mail import Sender
from services.notify.adapters.reading import Reading, Shown, Wanted
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.shifts import open_shift
from services.notify.adapters.texts import TemplateWords
from services.notify.adapters.watch import ProviderWatch
from services.notify.domain.codes import CodeMaker
from services.notify.domain.messages import Claimant
from services.notify.domain.outcomes import Outcome
from services.notify.domain.pace import Pace
from services.notify.handlers.handing_over import expire_late, hand_over, settle_stranded
from services.notify.ports.handing import Office
from services.notify.ports.senders import EmailSender, Letter, Senders, SmsSender, Sought, Text
from services.notify.worker import Ears, Rounds
from shared.contracts.envelope import Envelope, decode
from shared.db import Pool
from shared.work import begin
from tests.notify.facts import CITY, SetClock

SENDER = Sender("nno@example.org")
WORDS = TemplateWords()
CODES = CodeMaker("a secret for tests")
T = TypeVar("T")


class Bench:
    """Notify under test, at a clock that the test moves."""

    def __init__(
        self,
        pool: Pool,
        sms: SmsSender | None = None,
        email: EmailSender | None = None,
        *,
        paces: tuple[Pace, ...] = (),
        live: bool = True,
    ) -> None:
        self.pool = pool
        self.clock = SetClock()
        self.nudged: list[str] = []
        self.sandbox = Sandbox(pool, self.clock, SENDER, None)
        self.senders = Senders(sms or self.sandbox, email or self.sandbox, outbox=self.sandbox)
        self.paces = paces
        if live:
            self.go_live()
        self.boot("first")

    def boot(self, life: str) -> None:
        """Start the worker's life anew, as after a crash."""
        self.ears = Ears(WORDS, self.nudged.append, CODES)
        opened = partial(open_shift, self.pool, self.clock)
        self.watch = ProviderWatch(self.clock)
        self.office = Office(
            opened, self.senders, Claimant("worker-1", life), self.watch, CODES, self.paces
        )

    def go_live(self, city: str = CITY) -> None:
        """Let the city's messages reach real providers."""
        with self.pool.connection() as conn:
            conn.execute("insert into live_cities values (%s, now(), 'a test')", (city,))
            conn.execute(
                "insert into trusting_cities values (%s, now(), 'a test') on conflict do nothing",
                (city,),
            )

    def hear(self, *envelopes: Envelope) -> None:
        """Apply each fact in a transaction of its own."""
        handlers = self.ears.handlers()
        for envelope in envelopes:
            with begin(self.pool, self.clock) as work:
                handlers[envelope.type](work, [envelope])

    def tick(self) -> None:
        """One round of the worker."""
        Rounds(self.pool, self.clock, self.ears, self.office, self.watch).tick()

    def settle(self) -> None:
        """Let every visit settle."""
        self.clock.move(seconds=3)
        self.tick()

    def deliver(self) -> None:
        """Hand over all that is due."""
        for lane in ("urgent", "bulk"):
            while hand_over(lane, self.office):
                pass

    def recover(self) -> None:
        """Settle what an earlier life left behind."""
        settle_stranded(self.office)

    def expire(self) -> None:
        """Drop what is too late."""
        expire_late(self.office)

    def messages(self) -> list[Shown]:
        """Every message, oldest first, with its whole address."""
        reading = Reading(self.pool, self.senders.names())
        found = reading.messages(Wanted(within=("*",), limit=500))
        return [replace(m, to=reading.address(m.id)) for m in reversed(found)]

    def summary(self) -> list[tuple[str, str, str]]:
        """(template, channel, state) of every message, oldest first."""
        return [(m.template, m.channel, m.state) for m in self.messages()]

    def reasons(self) -> list[str]:
        """Why it was silent, in order."""
        with self.pool.connection() as conn:
            rows = conn.execute("select reason from silences order by at, revision").fetchall()
        return [str(row[0]) for row in rows]

    def published(self) -> list[Envelope]:
        """The facts said so far."""
        with self.pool.connection() as conn:
            found = conn.cursor(row_factory=scalar_row).execute(
                "select body from outbox order by id"
            )
            return [decode(bytes(body)) for body in found.fetchall()]

    def taken(self) -> int:
        """How many messages the outbox provider has."""
        with self.pool.connection() as conn:
            row = conn.execute("select count(*) from sandbox").fetchone()
        return int(str(row[0])) if row else 0

    def everything_logged(self) -> str:
        """All that other services were told, as text."""
        return "".join(orjson.dumps(e.data).decode() for e in self.published())


class Killed(BaseException):
    """Stands for the death of the process at this very point."""


class DyingSandbox:
    """The outbox provider in a process that dies before, amid or after taking a batch."""

    name = "outbox"

    def __init__(self, inner: Sandbox, dies: str) -> None:
        self._inner = inner
        self._dies = dies

    def send_texts(self, texts: Sequence[Text]) -> NoReturn:
        self._inner.send_texts(self._taken(texts))
        raise Killed

    def send_letters(self, letters: Sequence[Letter]) -> NoReturn:
        self._inner.send_letters(self._taken(letters))
        raise Killed

    def known(self, sought: Sequence[Sought], /) -> Mapping[str, Outcome] | None:
        return self._inner.known(sought)

    def _taken(self, batch: Sequence[T]) -> Sequence[T]:
        return {"before": batch[:0], "amid": batch[:1], "after": batch}[self._dies]
