"""What staff does with the texts that came in: answer, close, say whose it is. Pages use it."""

from dataclasses import dataclass

from services.notify.adapters.consent import is_opted_out
from services.notify.adapters.inbox import Held, Written, assign, hold, known_party, settle
from services.notify.adapters.inbox import read_text as read_one
from services.notify.adapters.letterbox import city_known
from services.notify.adapters.segments import Segments, segments_of
from services.notify.answer_ports import ReplyWords, Spoken
from services.notify.desk.receiving import front_of
from services.notify.domain.inbound import CLOSED, OPEN, told_later
from services.notify.domain.keywords import Meaning
from services.notify.domain.values import City, Party
from services.notify.handlers.answering import ANSWER, Answer, answer, fact_of
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.failures import Refused
from shared.work import begin

MOST_SEGMENTS = 6


@dataclass(frozen=True, slots=True)
class Inbox:
    """Decisions on texts; each is in the audit log."""

    pool: Pool
    clock: Clock
    words: ReplyWords

    def answer(self, city: str, id_: str, key: str, words: str, *, close: bool) -> bool:
        """Write back; the same `key` is one answer. Raises `Refused`; False: no such text."""
        said = words.strip()
        if not said:
            raise Refused("Write what the answer says.", {"words": ["Write what it says."]})
        with begin(self.pool, self.clock) as work:
            held = hold(work.conn, city, id_)
            if held is None:
                return False
            where, party = self._about(work.conn, city, held)
            language = party.language if party else held.language
            self._check(work.conn, held, language, Spoken(where, party, words=said))
            who = current_actor().name
            whom = (where, party, held.team_id, held.address, language)
            answer(front_of(work, self.words), Answer(key, *whom, said, who))
            record(work.conn, "text answered", f"text {id_}", city=city)
            if close:
                settle(work.conn, id_, CLOSED, who, work.now)
        return True

    def close(self, city: str, id_: str) -> bool:
        """Nothing remains to be done; False where that was so already."""
        return self._settle(city, id_, OPEN, CLOSED, "text closed")

    def reopen(self, city: str, id_: str) -> bool:
        """It waits for somebody again; False where it does already."""
        return self._settle(city, id_, CLOSED, OPEN, "text opened again")

    def assign(self, city: str, id_: str, party_id: str) -> bool:
        """It is about this party, and other services hear of it; False: no such party."""
        with begin(self.pool, self.clock) as work:
            held = hold(work.conn, city, id_)
            known = known_party(work.conn, city, party_id)
            if held is None or known is None:
                return False
            if held.party_id == party_id:
                return True
            where, party = known
            meaning = told_later(Meaning(held.meaning), where, work.now)
            assign(work.conn, id_, city, party_id)
            minutes = held.minutes if meaning == "late" else None
            said = (meaning, minutes, held.body, held.channel, held.received_at)
            fact = fact_of(party.id, id_, *said)
            work.publish(fact, city=city, subject=id_, revision=held.told + 1)
            record(work.conn, "text given to a party", f"text {id_} to {party.code}", city=city)
        return True

    def reveal(self, city: str, id_: str) -> Written | None:
        """The text with the whole number of its sender."""
        found = read_one(self.pool, city, id_, whole=True)
        if found:
            with self.pool.connection() as conn:
                record(conn, "address shown", f"sms of text {id_}", city=city)
        return found

    def cost(self, city: str, id_: str, words: str) -> Segments | None:
        """In how many segments the answer would go, None where there is no such text."""
        with begin(self.pool, self.clock) as work:
            held = hold(work.conn, city, id_)
            if held is None:
                return None
            where, party = self._about(work.conn, city, held)
        language = party.language if party else held.language
        spoken = Spoken(where, party, words=words.strip())
        return segments_of(self.words.reply(ANSWER, language, spoken).body)

    def _settle(self, city: str, id_: str, before: str, after: str, what: str) -> bool:
        with begin(self.pool, self.clock) as work:
            held = hold(work.conn, city, id_)
            if held is None or held.state != before:
                return False
            settle(work.conn, id_, after, current_actor().name, work.now)
            record(work.conn, what, f"text {id_}", city=city)
        return True

    def _check(self, conn: Connection, held: Held, language: str, spoken: Spoken) -> None:
        """Whoever opted out gets no text, not even from a person."""
        if is_opted_out(conn, held.channel, held.address):
            why = "This number has opted out of texts. Please call instead."
            raise Refused(why, {"words": [why]})
        count = self.words.reply(ANSWER, language, spoken).segments
        if count > MOST_SEGMENTS:
            why = f"This takes {count} segments; {MOST_SEGMENTS} are the most. Please shorten it."
            raise Refused(why, {"words": [why]})

    def _about(self, conn: Connection, city: str, held: Held) -> tuple[City, Party | None]:
        known = known_party(conn, city, held.party_id) if held.party_id else None
        if known:
            return known
        found = city_known(conn, city)
        if found is None:
            raise Refused("There is no such city.", {"words": ["There is no such city."]})
        return found, None
