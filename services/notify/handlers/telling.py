"""Decides for waiting parties and settled visits whether their hosts are told. The worker calls it.

Each function decides up to `most` and returns how many it decided. What was told follows from the
messages themselves, and those that wait are locked while it is decided whether they still hold.
"""

from dataclasses import replace
from datetime import datetime

from services.notify.domain.decisions import CALLED_OFF, Speak, decide_received, decide_visit
from services.notify.domain.saying import More
from services.notify.handlers.drafting import News, Pages
from services.notify.ports.telling import Book, Settled, Words

RECEIVED = "received"
VISIT = "visit"
_ONCE = 1


def tell_welcomes(book: Book, words: Words, now: datetime, most: int) -> int:
    """Confirm registrations that were not confirmed yet."""
    pages = Pages(book, words, now)
    waiting = book.take_welcomes(most)
    pages.look_up(waiting)
    for one in waiting:
        mark = f"{RECEIVED}/{_ONCE}"
        news = News(one.city, one.party, RECEIVED, _ONCE, one.party.correlation, mark)
        pages.decide(news, decide_received(one.party, one.told, now))
    pages.write()
    return len(waiting)


def tell_visits(book: Book, words: Words, now: datetime, most: int) -> int:
    """Tell the hosts of settled visits what they do not know yet."""
    pages = Pages(book, words, now)
    settled = book.take_settled(now, most)
    pages.look_up(settled)
    for one in settled:
        decision = decide_visit(
            one.city,
            one.party,
            one.visit,
            now,
            told=one.told,
            waiting=one.waiting,
            live=one.live,
        )
        news = _news(one)
        if isinstance(decision, Speak):
            part = decision.template == CALLED_OFF
            news = replace(news, more=replace(news.more, change=decision.change, part=part))
        pages.decide(news, decision, waits=one.waiting is not None)
    pages.write()
    return len(settled)


def _news(one: Settled) -> News:
    visit, before = one.visit, one.told.span if one.told else None
    return News(
        city=one.city,
        party=one.party,
        kind=VISIT,
        revision=visit.revision,
        correlation=visit.correlation,
        mark=f"{VISIT}/{visit.revision}",
        span=visit.span,
        spoken_of=visit.span or before,
        more=More(kinds=visit.kinds, team=visit.team_name, why=visit.why),
        visit_team=visit.team_id,
    )
