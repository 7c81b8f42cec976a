"""Tells hosts what happens while the evening runs: on the way, left out, held, called off.

The worker calls it, in the transaction in which the fact is applied: none of this waits to settle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.decisions import BULK, REPLAY_LASTS, URGENT, is_replay
from services.notify.domain.messages import Draft
from services.notify.handlers.drafting import News, draft_for_host
from services.notify.ports import Book, Decided, Known, Words
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed, NightHeld, NightResumed
from shared.contracts.visit import VisitEnRoute, VisitSkipped

ON_THE_WAY, SKIPPED, HELD, RESUMED, CALLED_OFF = (
    *("on_the_way", "skipped", "held", "resumed", "called_off"),
)
NEWS = "live"
GRACE = timedelta(minutes=10)
"""So long after a team was expected it is still worth a word that it comes."""
LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _News:
    template: str
    cause: Envelope
    expires_at: datetime
    minutes: int = 0
    why: str = ""


def tell_on_the_way(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Tell hosts that a team is about so many minutes away."""
    drafts: list[Draft] = []
    for fact in _newest(facts):
        said = fact.data
        assert isinstance(said, VisitEnRoute)
        gone = int((now - said.at).total_seconds()) // 60
        expires = said.expected_at + GRACE
        news = _News(ON_THE_WAY, fact, expires, max(0, said.minutes - gone))
        drafts += _drafts(words, book.find(fact.city, [said.party_id]), news, now)
    return _write(book, drafts, now)


def tell_skipped(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Tell hosts that a team has to leave their party out."""
    drafts: list[Draft] = []
    for fact in _newest(facts):
        said = fact.data
        assert isinstance(said, VisitSkipped)
        known = book.find(fact.city, [said.party_id])
        drafts += _drafts(words, known, _News(SKIPPED, fact, said.at + LASTS), now)
    return _write(book, drafts, now)


def tell_night(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Tell every host who still expects a visit that all are held, go on, or are called off.

    Where only some areas are held their hosts hear it of their own visits.
    """
    drafts: list[Draft] = []
    for fact in _newest(facts):
        template = _template(fact.data)
        if template:
            why = "" if template == RESUMED else fact.data.reason
            news = _News(template, fact, fact.data.at + LASTS, why=why)
            drafts += _drafts(words, book.expecting(fact.city, fact.data.at), news, now)
    return _write(book, drafts, now)


def _template(said: object) -> str:
    match said:
        case NightHeld(areas=()):
            return HELD
        case NightResumed(still_held=()):
            return RESUMED
        case NightClosed(called_off=True):
            return CALLED_OFF
    return ""


def _newest(facts: Iterable[Envelope]) -> list[Envelope]:
    """Of each subject the newest: what came before it in the same batch is old news."""
    newest: dict[str, Envelope] = {}
    for fact in facts:
        key = f"{fact.city}/{fact.subject}"
        if key not in newest or newest[key].revision < fact.revision:
            newest[key] = fact
    return list(newest.values())


def _drafts(words: Words, known: Sequence[Known], news: _News, now: datetime) -> list[Draft]:
    """What is too late is not said; long after the evening it is a rehearsal on old data."""
    drafts: list[Draft] = []
    for one in known:
        replay = is_replay(one.city, now)
        expires = now + REPLAY_LASTS if replay else news.expires_at
        if one.party.withdrawn or expires <= now:
            continue
        lane = BULK if replay else URGENT
        drafts += draft_for_host(words, _spoken(one, news, lane, expires), now)
    return drafts


def _spoken(known: Known, news: _News, lane: str, expires_at: datetime) -> News:
    cause = news.cause
    return News(
        city=known.city,
        party=known.party,
        kind=NEWS,
        revision=cause.revision,
        template=news.template,
        lane=lane,
        expires_at=expires_at,
        correlation=cause.correlation,
        mark=f"{cause.type}/{cause.subject}/{cause.revision}",
        span=known.span,
        spoken_of=known.span,
        minutes=news.minutes,
        why=news.why,
    )


def _write(book: Book, drafts: Sequence[Draft], now: datetime) -> int:
    """What waits of earlier news stands: it expires by itself when it is no longer true."""
    told = dict.fromkeys((draft.city, draft.party_id) for draft in drafts)
    decided = [Decided(city, party, NEWS, overtakes=False) for city, party in told]
    book.write(drafts, (), decided, now)
    return len(drafts)
