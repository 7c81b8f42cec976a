"""Tells hosts what happens while the evening runs: on the way, left out, held, called off.

The worker calls it, in the transaction in which the fact is applied: none of this waits to settle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from services.notify.domain.evening import (
    CALLED_OFF,
    HELD,
    ON_THE_WAY,
    RESUMED,
    SKIPPED,
    Latest,
    decide_live,
    useful_until,
)
from services.notify.domain.saying import More
from services.notify.handlers.drafting import News, Pages
from services.notify.handlers.telling import VISIT
from services.notify.ports.telling import Book, Decided, Known, Words
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed, NightHeld, NightResumed
from shared.contracts.visit import VisitEnRoute, VisitSkipped

NIGHT = "live/night"


def tell_on_the_way(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Tell hosts that a team is about so many minutes away."""
    pages = Pages(book, words, now)
    for fact in _newest(facts):
        said = fact.data
        assert isinstance(said, VisitEnRoute)
        gone = int((now - said.at).total_seconds()) // 60
        news = Latest(ON_THE_WAY, f"live/{said.team_id}", said.at)
        until = useful_until(ON_THE_WAY, said.at, said.expected_at)
        known = book.find(fact.city, [said.party_id])
        _tell(pages, known, fact, news, until, max(0, said.minutes - gone))
    return pages.write()


def tell_skipped(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Tell hosts that a team has to leave their party out."""
    pages = Pages(book, words, now)
    for fact in _newest(facts):
        said = fact.data
        assert isinstance(said, VisitSkipped)
        news = Latest(SKIPPED, f"live/{said.team_id}", said.at)
        known = book.find(fact.city, [said.party_id])
        _tell(pages, known, fact, news, useful_until(SKIPPED, said.at))
    return pages.write()


def tell_night(book: Book, words: Words, facts: Sequence[Envelope], now: datetime) -> int:
    """Tell every host who still expects a visit that all are held, go on, or are called off.

    Where only some areas are held their hosts hear it of their own visits.
    """
    pages = Pages(book, words, now)
    for fact in _newest(facts):
        template = _template(fact.data)
        if template:
            news = Latest(template, NIGHT, fact.data.at)
            known = book.expecting(fact.city, fact.data.at)
            why = "" if template == RESUMED else fact.data.reason
            _tell(pages, known, fact, news, useful_until(template, fact.data.at), why=why)
    return pages.write()


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


def _tell(
    pages: Pages,
    known: Sequence[Known],
    cause: Envelope,
    said: Latest,
    until: datetime,
    minutes: int = 0,
    why: str = "",
) -> None:
    if known:
        pages.count(known[0].city, [one.party.id for one in known])
    for one in known:
        news = replace(_news(one, said, cause, minutes), more=More(why=why))
        decision = decide_live(
            one.city, one.party, said, until, pages.now, told=one.told, latest=one.latest
        )
        pages.decide(news, decision)
        if said.template == CALLED_OFF:
            # A window that waits to be told holds no longer.
            pages.decided.append(Decided(one.city.id, one.party.id, VISIT, overtakes=True))


def _news(known: Known, said: Latest, cause: Envelope, minutes: int) -> News:
    return News(
        city=known.city,
        party=known.party,
        kind=said.news,
        revision=cause.revision,
        correlation=cause.correlation,
        mark=f"{cause.type}/{cause.subject}/{cause.revision}",
        span=known.span,
        spoken_of=known.span,
        minutes=minutes,
        only_older=True,
    )
