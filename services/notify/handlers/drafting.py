"""Writes news down as messages, one for each way to reach whom it is for. The handlers use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.messages import NO_CHANNEL, VISITS, Draft
from services.notify.domain.values import EMAIL, NOWHERE, Address, City, Party, Span, addresses_of
from services.notify.ports import Words
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class News:
    """Something worth telling the host of a party.

    `span` is what the host will have been told, `spoken_of` the window that the words name. No
    two messages have the same `mark` (within a city), party and channel. `why` is what a dispatcher
    wrote; `part`: it is so in the host's part of the city only.
    """

    city: City
    party: Party
    kind: str
    revision: int
    template: str
    lane: str
    expires_at: datetime
    correlation: str
    mark: str
    span: Span | None = None
    spoken_of: Span | None = None
    minutes: int = 0
    why: str = ""
    part: bool = False
    purpose: str = VISITS


def draft_for_host(words: Words, news: News, now: datetime) -> list[Draft]:
    """The messages of `news`; without any address one that is kept and never sent."""
    ways: Sequence[Address] = addresses_of(news.party) or (Address(NOWHERE, ""),)
    return [_draft(words, news, way, now) for way in ways]


def _draft(words: Words, news: News, way: Address, now: datetime) -> Draft:
    party, nowhere = news.party, way.channel == NOWHERE
    channel = EMAIL if nowhere else way.channel
    return Draft(
        id=new_id(),
        city=party.city,
        party_id=party.id,
        news=news.kind,
        revision=news.revision,
        span=news.span,
        template=news.template,
        channel=way.channel,
        to=way.to,
        wording=words.compose(
            news.template,
            channel,
            news.city,
            party,
            news.spoken_of,
            news.minutes,
            why=news.why,
            part=news.part,
        ),
        lane=news.lane,
        state="suppressed" if nowhere else "created",
        reason=NO_CHANNEL if nowhere else "",
        due_at=now,
        expires_at=news.expires_at,
        correlation=news.correlation,
        dedupe=f"{party.city}/{party.id}/{news.mark}/{way.channel}",
        purpose=news.purpose,
    )
