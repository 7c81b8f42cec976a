"""Takes in what was written to us: understood, kept, answered, said to the other services.

Web edges call it, through the desk; each text is one transaction, and is taken in once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.answer_ports import Ledger, LedgerEntry, Letterbox, ReplyWords, Spoken
from services.notify.domain.decisions import URGENT
from services.notify.domain.inbound import Incoming, Sender, Verdict, judge
from services.notify.domain.keywords import Meaning, Understood, understand
from services.notify.domain.messages import REPLIES, TEAM, Draft
from services.notify.domain.values import SMS, City, Party
from services.notify.domain.wording import one_line
from shared.contracts.host import MOST_WORDS, HostReplied
from shared.ids import new_id
from shared.logs import correlation
from shared.ports import Publisher

EVERYTHING = "all"
REPLY_LASTS = timedelta(minutes=30)
ANSWER_LASTS = timedelta(hours=12)
ANSWER = "answer"
BY_TEXT = "host by text"


@dataclass(frozen=True, slots=True)
class Front:
    """The ports of one transaction in which something is taken in or answered."""

    box: Letterbox
    ledger: Ledger
    words: ReplyWords
    publisher: Publisher
    now: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A text as it was taken in, under the id with which it is kept."""

    id: str
    verdict: Verdict


def take_in(front: Front, text: Incoming) -> Taken | None:
    """Take the text in; None where it had been before."""
    if not front.box.begin(text):
        return None
    said = understand(text.body)
    sender = front.box.sender(text, front.now)
    verdict = _proven(front, text, judge(said, text, sender, front.now))
    taken = Taken(new_id(), verdict)
    front.box.keep(taken.id, text, said, verdict)
    _note_consent(front, text, verdict)
    _note_answer(front, verdict)
    _publish(front, text, said, taken)
    _reply(front, text, said, sender, taken)
    return taken


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody of staff writes back; `key` is the same when it is sent twice."""

    key: str
    city: City
    party: Party | None
    team_id: str
    to: str
    language: str
    words: str
    by: str


def answer(front: Front, given: Answer) -> str:
    """Write the answer down; it goes out as a text by itself. Returns its id."""
    wording = front.words.reply(
        ANSWER, given.language, Spoken(given.city, given.party, words=given.words)
    )
    party_id = given.party.id if given.party else ""
    draft = Draft(
        id=new_id(),
        city=given.city.id,
        party_id=party_id,
        news=f"answer/{given.key}",
        revision=1,
        span=None,
        template=ANSWER,
        channel=SMS,
        to=given.to,
        wording=wording,
        lane=URGENT,
        state="created",
        reason="",
        due_at=front.now,
        expires_at=front.now + ANSWER_LASTS,
        correlation=correlation(),
        dedupe=f"{given.city.id}/answer/{given.key}",
        audience=TEAM if given.team_id else "host",
        purpose=REPLIES,
        team_id=given.team_id,
        contact=given.by,
        segments=wording.segments,
    )
    front.box.write([draft])
    return draft.id


def _proven(front: Front, text: Incoming, verdict: Verdict) -> Verdict:
    """A number that writes to us is its owner's; the YES to our question is answered."""
    if verdict.opts is True or not front.box.prove(text, front.now):
        return verdict
    owed = verdict.meaning == Meaning.YES and not verdict.reply and not verdict.unsaid
    return replace(verdict, reply="reply_proved") if owed and verdict.city else verdict


def _note_consent(front: Front, text: Incoming, verdict: Verdict) -> None:
    if verdict.opts is None:
        return
    city = verdict.city.id if verdict.city else ""
    words = one_line(text.body)[:500]
    where = (city, text.channel, text.sender, EVERYTHING)
    entry = LedgerEntry(*where, verdict.opts, words, "inbound")
    note = front.ledger.opt_out if verdict.opts else front.ledger.restore
    note(entry, front.now)


def _note_answer(front: Front, verdict: Verdict) -> None:
    if verdict.answer and verdict.about:
        party = verdict.about.party
        front.box.confirm(party.city, party.id, verdict.answer, front.now, BY_TEXT)


def _publish(front: Front, text: Incoming, said: Understood, taken: Taken) -> None:
    about, meaning = taken.verdict.about, taken.verdict.told
    if about is None or not meaning:
        return
    minutes = said.minutes if meaning == "late" else None
    fact = fact_of(about.party.id, taken.id, meaning, minutes, text.body, text.channel, text.at)
    front.publisher.publish(fact, city=about.city.id, subject=taken.id, revision=1)


def fact_of(
    party_id: str,
    id_: str,
    meaning: str,
    minutes: int | None,
    words: str,
    channel: str,
    at: datetime,
) -> HostReplied:
    """What other services are told of a text; endless ones are cut."""
    told = words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + "…"
    return HostReplied(party_id, id_, meaning, minutes, told, channel, at)


def _reply(front: Front, text: Incoming, said: Understood, sender: Sender, taken: Taken) -> None:
    verdict = taken.verdict
    if verdict.unsaid:
        front.box.note_silence(verdict, front.now)
    if not verdict.reply or verdict.city is None:
        return
    about = verdict.about
    spoken = Spoken(
        verdict.city,
        about.party if about else None,
        about.span if about else None,
        said.minutes or 0,
    )
    wording = front.words.reply(verdict.reply, _language(said, sender, verdict), spoken)
    draft = Draft(
        id=new_id(),
        city=verdict.city.id,
        party_id=about.party.id if about else "",
        news=f"reply/{taken.id}",
        revision=1,
        span=None,
        template=verdict.reply,
        channel=text.channel,
        to=text.sender,
        wording=wording,
        lane=URGENT,
        state="created",
        reason="",
        due_at=front.now,
        expires_at=front.now + REPLY_LASTS,
        correlation=correlation(),
        dedupe=f"{verdict.city.id}/reply/{taken.id}",
        purpose=REPLIES,
        segments=wording.segments,
    )
    front.box.write([draft])


def _language(said: Understood, sender: Sender, verdict: Verdict) -> str:
    if verdict.about:
        return verdict.about.party.language
    if sender.hosts:
        return sender.hosts[0].party.language
    return sender.officer.language if sender.officer else said.language
