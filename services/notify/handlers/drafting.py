"""Writes news down as messages, unless budget or night stand against it. The handlers use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.notify.domain.decisions import Decision, Silence
from services.notify.domain.messages import IN_RESERVE, NO_CHANNEL, VISITS, Draft
from services.notify.domain.reminders import date_of
from services.notify.domain.restraint import day_of, due_at, restrained
from services.notify.domain.saying import NOTHING_MORE, More
from services.notify.domain.values import EMAIL, City, Party, Span
from services.notify.domain.ways import Way, ways_of
from services.notify.ports.telling import Book, Decided, Unsaid, Words
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class News:
    """Something that may be worth telling the host of a party.

    `span` is what the host will have been told, `spoken_of` the window that the words name. No
    two messages have the same `mark` (within a city), party and channel. With `only_older` it
    overtakes only what has a lower revision.
    """

    city: City
    party: Party
    kind: str
    revision: int
    correlation: str
    mark: str
    span: Span | None = None
    spoken_of: Span | None = None
    minutes: int = 0
    purpose: str = VISITS
    more: More = NOTHING_MORE
    visit_team: str = ""
    only_older: bool = False


class About(Protocol):
    """Something that is about a party of a city."""

    @property
    def city(self) -> City:
        """The city."""
        ...

    @property
    def party(self) -> Party:
        """The party."""
        ...


@dataclass(slots=True)
class Pages:
    """Collects what a round of decisions gives to be written down."""

    book: Book
    words: Words
    now: datetime
    drafts: list[Draft] = field(default_factory=list)
    unsaid: list[Unsaid] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    _heard: dict[tuple[str, str], int] = field(default_factory=dict)

    def decide(self, news: News, decision: Decision, *, waits: bool = False) -> None:
        """Note what the decision on `news` leads to; `waits`: its like waits and is replaced."""
        party = news.party
        channel = ways_of(_template(decision), party)[0].address.channel
        heard = self._number(news) - waits
        decision = restrained(decision, news.city, channel, self.now, heard)
        overtakes = True
        if isinstance(decision, Silence):
            overtakes = not decision.waiting_stands
            self.unsaid.append(
                Unsaid(party.city, party.id, news.kind, news.revision, decision.reason)
            )
        else:
            self.drafts += drafts_of(self.words, news, decision, self.now)
            self._heard[party.city, party.id] = heard + 1
        older = news.revision if news.only_older else None
        self.decided.append(Decided(party.city, party.id, news.kind, overtakes, older))

    def count(self, city: City, parties: list[str]) -> None:
        """Look up in one go what the hosts of these parties hear on this day."""
        day = day_of(self.now, city.zone)
        found: Mapping[str, int] = self.book.heard(city.id, parties, day)
        self._heard |= {(city.id, party): found.get(party, 0) for party in parties}

    def look_up(self, ones: Sequence[About]) -> None:
        """Do so for all that is about to be decided."""
        parties: dict[str, list[str]] = {}
        cities = {one.city.id: one.city for one in ones}
        for one in ones:
            parties.setdefault(one.city.id, []).append(one.party.id)
        for city, found in parties.items():
            self.count(cities[city], found)

    def write(self) -> int:
        """Write it all down; returns how many messages there are."""
        self.book.write(self.drafts, self.unsaid, self.decided, self.now)
        return len(self.drafts)

    def _number(self, news: News) -> int:
        key = (news.party.city, news.party.id)
        if key not in self._heard:
            self.count(news.city, [news.party.id])
        return self._heard[key]


def _template(decision: Decision) -> str:
    return "" if isinstance(decision, Silence) else decision.template


def drafts_of(words: Words, news: News, decision: Decision, now: datetime) -> list[Draft]:
    """The message by the first way, and in reserve by the next; without any, one never sent."""
    drafts: list[Draft] = []
    for way in ways_of(_template(decision), news.party):
        first = drafts[0].id if drafts else ""
        drafts.append(_draft(words, news, decision, way, first, now))
    return drafts


def _draft(
    words: Words, news: News, decision: Decision, way: Way, first: str, now: datetime
) -> Draft:
    assert not isinstance(decision, Silence)
    party, city, channel = news.party, news.city, way.address.channel
    spoken = EMAIL if way.nowhere else channel
    template, more = decision.template, news.more
    wording = words.compose(template, spoken, city, party, news.spoken_of, news.minutes, more)
    held_back = way.nowhere or way.in_reserve
    return Draft(
        id=new_id(),
        city=party.city,
        party_id=party.id,
        news=news.kind,
        revision=news.revision,
        span=news.span,
        template=template,
        channel=channel,
        to=way.address.to,
        wording=wording,
        lane=decision.lane,
        state="suppressed" if held_back else "created",
        reason=NO_CHANNEL if way.nowhere else IN_RESERVE if way.in_reserve else "",
        due_at=due_at(city, template, channel, decision.lane, now),
        expires_at=decision.expires_at,
        correlation=news.correlation,
        dedupe=f"{party.city}/{party.id}/{news.mark}/{channel}",
        purpose=news.purpose,
        segments=wording.segments,
        reserve_of=first if way.in_reserve else "",
        visit_team=news.visit_team if news.span else "",
        visit_kinds=more.kinds if news.span else (),
        says_date=date_of(city),
    )
