"""A telephone that writes to a notify under test."""

from dataclasses import dataclass, field
from typing import Any

from services.notify.adapters.reply_words import TemplateReplies
from services.notify.desk.receiving import Reception
from services.notify.domain.inbound import Incoming
from services.notify.handlers.answering import Taken
from tests.notify.bench import Bench
from tests.notify.facts import HOST

REPLIES = TemplateReplies()


@dataclass
class Telephone:
    """Sends texts from a number and reads what our answers say."""

    bench: Bench
    number: str = HOST.phone
    sent: int = field(default=0)

    def write(self, words: str, ref: str = "", **more: Any) -> Taken | None:
        """Write to us."""
        self.sent += 1
        ref = ref or f"{self.number}/{self.sent}"
        now = self.bench.clock.now()
        text = Incoming("outbox", ref, "sms", self.number, "+16265550000", words, now, **more)
        return Reception(self.bench.pool, self.bench.clock, REPLIES).take(text)

    def got(self) -> list[str]:
        """The templates of all that was handed over to this number since, oldest first."""
        first = "received"  # of a host's registration, by whichever way it went
        return [m.template for m in self.messages() if m.state == "sent" and m.template != first]

    def messages(self) -> list[Any]:
        """All messages to this number, oldest first."""
        return [m for m in self.bench.messages() if m.to == self.number]


def inbox(bench: Bench) -> list[tuple[str, str, str]]:
    """(meaning, state, party) of all that came in, oldest first."""
    with bench.pool.connection() as conn:
        rows = conn.execute("select meaning, state, party_id from inbound order by id").fetchall()
    return [(str(m), str(s), str(p)) for m, s, p in rows]


def run(bench: Bench, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with bench.pool.connection() as conn:
        return list(conn.execute(query.encode()).fetchall())
