"""Decides for waiting parties and settled visits whether their hosts are told. The worker calls it.

Each function decides up to `most` and returns how many it decided. What was told follows from the
messages themselves, and those that wait are locked while it is decided whether they still hold.
"""

from dataclasses import dataclass, field
from datetime import datetime

from services.notify.domain.decisions import (
    CALLED_OFF,
    Decision,
    Silence,
    Speak,
    decide_received,
    decide_visit,
)
from services.notify.domain.messages import Draft
from services.notify.domain.values import City, Party, Span
from services.notify.handlers.drafting import News, draft_for_host
from services.notify.ports import Book, Decided, Unsaid, Words

RECEIVED = "received"
VISIT = "visit"
_ONCE = 1


def tell_welcomes(book: Book, words: Words, now: datetime, most: int) -> int:
    """Confirm registrations that were not confirmed yet."""
    pages = _Pages(words, now)
    waiting = book.take_welcomes(most)
    for one in waiting:
        news = _News(one.city, one.party, RECEIVED, _ONCE, None, None, one.party.correlation)
        pages.decide(news, decide_received(one.party, one.told, now))
    book.write(pages.drafts, pages.unsaid, pages.decided, now)
    return len(waiting)


def tell_visits(book: Book, words: Words, now: datetime, most: int) -> int:
    """Tell the hosts of settled visits what they do not know yet."""
    pages = _Pages(words, now)
    settled = book.take_settled(now, most)
    for one in settled:
        before = one.told.span if one.told else None
        news = _News(
            one.city,
            one.party,
            VISIT,
            one.visit.revision,
            one.visit.span,
            one.visit.span or before,
            one.visit.correlation,
            one.visit.why,
        )
        decision = decide_visit(
            one.city, one.party, one.visit, now, told=one.told, waiting=one.waiting
        )
        pages.decide(news, decision)
    book.write(pages.drafts, pages.unsaid, pages.decided, now)
    return len(settled)


@dataclass(frozen=True, slots=True)
class _News:
    city: City
    party: Party
    kind: str
    revision: int
    span: Span | None
    spoken_of: Span | None
    correlation: str
    why: str = ""


@dataclass(slots=True)
class _Pages:
    """Collects what a round of decisions gives to be written down."""

    words: Words
    now: datetime
    drafts: list[Draft] = field(default_factory=list)
    unsaid: list[Unsaid] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)

    def decide(self, news: _News, decision: Decision) -> None:
        """Note what the decision on `news` leads to."""
        party, overtakes = news.party, True
        if isinstance(decision, Silence):
            overtakes = not decision.waiting_stands
            unsaid = Unsaid(party.city, party.id, news.kind, news.revision, decision.reason)
            self.unsaid.append(unsaid)
        else:
            self.drafts += draft_for_host(self.words, _spoken(news, decision), self.now)
        self.decided.append(Decided(party.city, party.id, news.kind, overtakes))


def _spoken(news: _News, speak: Speak) -> News:
    return News(
        city=news.city,
        party=news.party,
        kind=news.kind,
        revision=news.revision,
        template=speak.template,
        lane=speak.lane,
        expires_at=speak.expires_at,
        correlation=news.correlation,
        mark=f"{news.kind}/{news.revision}",
        span=news.span,
        spoken_of=news.spoken_of,
        why=news.why,
        part=speak.template == CALLED_OFF,
    )
