"""Writes the private link anew to hosts who asked for it. The worker calls it.

It answers what somebody has just asked, so it goes at once, and again however often it was sent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.notify.domain.decisions import URGENT, Speak
from services.notify.domain.messages import REPLIES, Draft
from services.notify.handlers.drafting import News, drafts_of
from services.notify.ports.telling import Book, Decided, Known, Words
from shared.contracts.envelope import Envelope
from shared.contracts.link import LinkRequested

NEWS = "link"
"""Both the kind of news and its template."""
LASTS = timedelta(hours=2)
"""So long somebody who asked may still wait for it."""


def tell_links(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Send each party's link to the contacts that its host gave; withdrawn ones get none."""
    drafts: list[Draft] = []
    for fact in facts:
        said = fact.data
        assert isinstance(said, LinkRequested)
        if now < fact.time + LASTS:
            for known in book.find(fact.city, [said.party_id]):
                drafts += _drafts(words, known, fact, now)
    told = dict.fromkeys((draft.city, draft.party_id) for draft in drafts)
    decided = [Decided(city, party, NEWS, overtakes=False) for city, party in told]
    book.write(drafts, (), decided, now)
    return len(drafts)


def _drafts(words: Words, known: Known, fact: Envelope, now: datetime) -> list[Draft]:
    if known.party.withdrawn:
        return []
    news = News(
        city=known.city,
        party=known.party,
        kind=NEWS,
        revision=fact.revision,
        correlation=fact.correlation,
        mark=f"{fact.type}/{fact.subject}/{fact.revision}",
        purpose=REPLIES,
    )
    return drafts_of(words, news, Speak(NEWS, URGENT, fact.time + LASTS), now)
