"""Asks a number to answer before anything else is texted to it. The worker calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from services.notify.answer_ports import ReplyWords, Spoken
from services.notify.domain.decisions import BULK
from services.notify.domain.messages import Draft
from services.notify.domain.restraint import due_at
from services.notify.domain.values import SMS, City, Party
from shared.ids import new_id

TEMPLATE: Final = "prove"
LASTS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Unproven:
    """A host who agreed to texts at a number that has not answered."""

    city: City
    party: Party


class Numbers(Protocol):
    """Numbers that have yet to answer."""

    def take_unproven(self, now: datetime, most: int) -> Sequence[Unproven]:
        """Those that were not asked yet."""
        ...

    def write(self, drafts: Sequence[Draft], now: datetime) -> None:
        """Write the questions down; each number of a city gets one, ever."""
        ...


def ask_numbers(numbers: Numbers, words: ReplyWords, now: datetime, most: int) -> int:
    """Ask those that were not asked yet; returns how many."""
    found = numbers.take_unproven(now, most)
    numbers.write([_draft(one, words, now) for one in found], now)
    return len(found)


def _draft(one: Unproven, words: ReplyWords, now: datetime) -> Draft:
    city, party = one.city, one.party
    wording = words.reply(TEMPLATE, party.language, Spoken(city, party))
    due = due_at(city, TEMPLATE, SMS, BULK, now)
    return Draft(
        id=new_id(),
        city=city.id,
        party_id=party.id,
        news=TEMPLATE,
        revision=1,
        span=None,
        template=TEMPLATE,
        channel=SMS,
        to=party.phone,
        wording=wording,
        lane=BULK,
        state="created",
        reason="",
        due_at=due,
        expires_at=due + LASTS,
        correlation=party.correlation,
        dedupe=f"{city.id}/{TEMPLATE}/{party.phone}",
        segments=wording.segments,
    )
