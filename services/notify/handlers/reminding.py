"""Says what is due at its hour: please confirm, a new date, thanks. The worker's tick calls it."""

from collections.abc import Sequence
from datetime import datetime

from services.notify.domain.decisions import TOLD_THE_SAME, Decision, Silence
from services.notify.domain.messages import REMINDERS, VISITS
from services.notify.domain.reminders import (
    CONFIRM,
    NEW_DATE,
    date_of,
    decide_confirm,
    decide_new_date,
    decide_thanks,
    due_slots,
)
from services.notify.domain.saying import More
from services.notify.handlers.drafting import News, Pages
from services.notify.ports.telling import Book, Diary, Due, Words
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed

NO_DATE_TOLD = "the host was told no date before"


def make_due(diary: Diary, now: datetime) -> None:
    """Make the rows of every slot whose hour has come."""
    for city in diary.cities():
        for slot in due_slots(city, now):
            diary.make_slot(city.id, slot, now)


def tell_due(book: Book, diary: Diary, words: Words, now: datetime, most: int) -> int:
    """Decide on what is due; returns how many rows there were."""
    pages = Pages(book, words, now)
    dues = diary.take_due(now, most)
    pages.look_up(dues)
    for due in dues:
        pages.decide(_news(due), _decision(due, now))
    pages.write()
    diary.decided(dues, now)
    return len(dues)


def note_called_off(diary: Diary, facts: Sequence[Envelope]) -> None:
    """Keep which evenings ended early: nobody is thanked for a party that was called off."""
    for fact in facts:
        if isinstance(fact.data, NightClosed) and fact.data.called_off:
            diary.call_off(fact.city, fact.data.at)


def _decision(due: Due, now: datetime) -> Decision:
    if due.slot.kind == CONFIRM:
        return decide_confirm(due.party, due.ended.answer, due.slot, now)
    if due.slot.kind == NEW_DATE:
        return _new_date(due, now)
    return decide_thanks(due.party, due.ended, due.slot, now)


def _new_date(due: Due, now: datetime) -> Decision:
    if due.said_date is None:
        return Silence(NO_DATE_TOLD)
    if due.said_date == date_of(due.city):
        return Silence(TOLD_THE_SAME)
    return decide_new_date(due.city, due.party, now)


def _news(due: Due) -> News:
    slot, new_date = due.slot, due.slot.kind == NEW_DATE
    return News(
        city=due.city,
        party=due.party,
        kind=slot.kind,
        revision=int(slot.mark) if new_date else int(slot.at.timestamp()),
        correlation=due.party.correlation,
        mark=f"{slot.kind}/{slot.mark}",
        purpose=VISITS if new_date else REMINDERS,
        more=More(visited=due.ended.visited),
    )
