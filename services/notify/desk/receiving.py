"""Takes in texts for the web edges: each in a transaction of its own. Main makes it."""

from dataclasses import dataclass

from services.notify.adapters.consent import PostgresLedger
from services.notify.adapters.letterbox import PostgresLetterbox
from services.notify.answer_ports import ReplyWords
from services.notify.domain.inbound import Incoming
from services.notify.handlers.answering import Front, Taken, take_in
from shared.clock import Clock
from shared.db import Pool
from shared.work import Work, begin


@dataclass(frozen=True, slots=True)
class Reception:
    """Where texts come in, whoever brings them."""

    pool: Pool
    clock: Clock
    words: ReplyWords

    def take(self, text: Incoming) -> Taken | None:
        """Take the text in; None where this very text had been before."""
        with begin(self.pool, self.clock) as work:
            return take_in(front_of(work, self.words), text)


def front_of(work: Work, words: ReplyWords) -> Front:
    """The handler's ports within a transaction."""
    box, ledger = PostgresLetterbox(work.conn), PostgresLedger(work.conn)
    return Front(box, ledger, words, work, work.now)
