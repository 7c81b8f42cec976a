"""Carries broadcasts on, a few hosts at a time. The worker calls it about once a second.

Whoever has a message is known by the row that is written with it, in one transaction: a restart
goes on behind the last of them. Little is written ahead, so a pause or a stop acts at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notify.broadcast_ports import BroadcastBook, Passed, Printing
from services.notify.domain.broadcasts import (
    PAUSED,
    SENDING,
    STOPPED,
    STOPPED_BY_STAFF,
    TEMPLATE,
    TIME_PASSED,
    Broadcast,
    LeftOut,
    Person,
    language_of,
    ways_to,
    word,
)
from services.notify.domain.decisions import BULK
from services.notify.domain.messages import BROADCASTS, IN_RESERVE, Draft
from services.notify.domain.values import EMAIL, SMS, Address, City
from shared.ids import new_id

AHEAD = 200


def carry_on(book: BroadcastBook, now: datetime, press: Printing, ahead: int = AHEAD) -> int:
    """Write what may be written of every broadcast under way; returns how many hosts that was."""
    return sum(_carry(book, city, one, now, press, ahead) for city, one in book.under_way())


def _carry(
    book: BroadcastBook, city: City, one: Broadcast, now: datetime, press: Printing, ahead: int
) -> int:
    if one.state == STOPPED:
        book.end(one.id, "stopped", STOPPED_BY_STAFF, now)
        book.finish(one.id, now)
        return 0
    if one.expires_at <= now:
        book.end(one.id, "expired", TIME_PASSED, now)
    if one.state == PAUSED:
        return 0
    room = ahead - book.waiting(one.id)
    people = book.take(one, room) if room > 0 else []
    batch = _Batch(city, one, now, press)
    drafts, passed = batch.write(people)
    book.write(one.id, drafts, passed, now)
    if one.state == SENDING and not people and room == ahead:
        book.finish(one.id, now)
    return len(people)


@dataclass(frozen=True, slots=True)
class _Batch:
    city: City
    broadcast: Broadcast
    now: datetime
    press: Printing

    def write(self, people: Sequence[Person]) -> tuple[list[Draft], list[Passed]]:
        """The messages for these hosts, and who gets none."""
        drafts: list[Draft] = []
        passed: list[Passed] = []
        for person in people:
            ways = ways_to(person)
            if isinstance(ways, LeftOut):
                passed.append(Passed(person.party_id, ways.reason))
            else:
                drafts += self._drafts(person, ways)
        return drafts, passed

    def _drafts(self, person: Person, ways: Sequence[Address]) -> list[Draft]:
        first = self._draft(person, ways[0], new_id(), "")
        return [first, *(self._draft(person, way, new_id(), first.id) for way in ways[1:])]

    def _draft(self, person: Person, way: Address, id_: str, reserve_of: str) -> Draft:
        one = self.broadcast
        language = language_of(one.words, person.language)
        wording = word(one.words, self.city, language, way.channel)
        if way.channel == EMAIL:
            html = self.press.letter(self.city.programme, language, wording.body)
            wording = replace(wording, html=html)
        mark = f"broadcast/{one.id}/{person.party_id}"
        return Draft(
            id=id_,
            city=one.city,
            party_id=person.party_id,
            news=f"broadcast/{one.id}",
            revision=1,
            span=None,
            template=TEMPLATE,
            channel=way.channel,
            to=way.to,
            wording=wording,
            lane=BULK,
            state="suppressed" if reserve_of else "created",
            reason=IN_RESERVE if reserve_of else "",
            due_at=self.now,
            expires_at=one.expires_at,
            correlation=one.correlation,
            dedupe=f"{mark}/{way.channel}" if reserve_of else mark,
            purpose=BROADCASTS,
            segments=self.press.segments(wording.body) if way.channel == SMS else 0,
            broadcast_id=one.id,
            reserve_of=reserve_of,
        )
