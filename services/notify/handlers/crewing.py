"""Tells teams their route, what changed in it, and their next stop. The worker calls it.

Everybody of a team with a telephone or an e-mail address is told what he or she was not told yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.domain.decisions import BULK, URGENT
from services.notify.domain.messages import IN_RESERVE, TEAM, Draft
from services.notify.domain.saying import More
from services.notify.domain.turns import Turn, next_stop, turn_of
from services.notify.domain.values import Party, RouteStop, TeamMember
from services.notify.domain.ways import Way, ways_of
from services.notify.ports.telling import Book, Contact, Crew, Crews, Decided, Done, Words
from shared.contracts.envelope import Envelope
from shared.contracts.visit import (
    VisitArrived,
    VisitCompleted,
    VisitInterrupted,
    VisitSkipped,
)
from shared.ids import new_id

NEXT_LASTS = timedelta(minutes=20)
STATES = {
    VisitArrived: "there",
    VisitCompleted: "visited",
    VisitSkipped: "skipped",
    VisitInterrupted: "open",
}


@dataclass(frozen=True, slots=True)
class _News:
    crew: Crew
    template: str
    mark: str
    lane: str
    expires_at: datetime
    more: More


def hear_done(crews: Crews, facts: Sequence[Envelope]) -> None:
    """Keep what became of visits: what is done is no news to a team."""
    crews.keep_done([_done(fact) for fact in facts])


def _done(fact: Envelope) -> Done:
    said = fact.data
    assert isinstance(said, VisitArrived | VisitCompleted | VisitSkipped | VisitInterrupted)
    state = STATES[type(said)]
    return Done(fact.city, said.party_id, said.team_id, fact.revision, state, said.at)


def tell_routes(book: Book, crews: Crews, words: Words, now: datetime, most: int) -> int:
    """Tell teams whose route has settled; returns how many there were."""
    settled = crews.take_settled(now, most)
    for crew in settled:
        told: list[str] = []
        drafts: list[Draft] = []
        for contact in crew.contacts:
            news = _route_news(crew, contact, now)
            if news:
                drafts += _drafts(words, news, contact.member, now)
            if news or contact.told is not None:
                told.append(contact.member.officer_id)
        _write(book, drafts, now)
        crews.told(crew, told, now)
    return len(settled)


def tell_next(
    book: Book, crews: Crews, words: Words, facts: Sequence[Envelope], now: datetime
) -> int:
    """Tell teams that left a stop where to go next, in cities that want it."""
    drafts: list[Draft] = []
    for fact in facts:
        said = fact.data
        assert isinstance(said, VisitCompleted)
        crew = crews.crew(fact.city, said.team_id)
        stop = next_stop(crew.route.stops, crew.done) if crew else None
        if crew and stop and crew.city.voice.team_next and now < said.at + NEXT_LASTS:
            more = More(stops=(stop,), team=crew.team.team_name)
            news = _News(
                *(crew, "team_next", f"next/{said.party_id}/{fact.revision}", URGENT),
                *(said.at + NEXT_LASTS, more),
            )
            for contact in crew.contacts:
                drafts += _drafts(words, news, contact.member, now)
    _write(book, drafts, now)
    return len(drafts)


def _route_news(crew: Crew, contact: Contact, now: datetime) -> _News | None:
    voice, route, ends = crew.city.voice, crew.route, crew.team.closes
    left = tuple(stop for stop in route.stops if stop.party_id not in crew.done)
    started = now >= crew.team.opens
    lane = URGENT if now >= crew.team.opens - timedelta(hours=3) else BULK
    mark = f"route/{route.revision}"
    if contact.told is None:
        if not voice.team_routes or not left:
            return None
        more = More(stops=left, team=crew.team.team_name)
        return _News(crew, "team_route", mark, lane, ends, more)
    # On the road every stop moves a little with each tap: then only which, not when, is news.
    turn = turn_of(contact.told, route.stops, crew.done, None if started else voice.smallest_change)
    if not voice.team_changes or not turn.is_news:
        return None
    return _News(crew, "team_changed", mark, URGENT, ends, _more(left, turn, crew))


def _more(left: tuple[RouteStop, ...], turn: Turn, crew: Crew) -> More:
    return More(stops=left, turn=turn, team=crew.team.team_name)


def _drafts(words: Words, news: _News, member: TeamMember, now: datetime) -> list[Draft]:
    party = _as_party(news.crew, member)
    drafts: list[Draft] = []
    for way in ways_of(news.template, party):
        if not way.nowhere:
            first = drafts[0].id if drafts else ""
            drafts.append(_draft(words, news, party, member, way, now))
            drafts[-1] = replace(drafts[-1], reserve_of=first)
    return drafts


def _as_party(crew: Crew, member: TeamMember) -> Party:
    """Somebody of a team as the words know people: with a name, a language and a link."""
    team = crew.team
    return Party(
        *(crew.city.id, "", 0, "", team.team_name, "", member.name, member.phone),
        *(member.email, member.language, True, team.page_url, False, ""),
    )


def _draft(
    words: Words, news: _News, party: Party, member: TeamMember, way: Way, now: datetime
) -> Draft:
    city, team, channel = news.crew.city, news.crew.team, way.address.channel
    wording = words.compose(news.template, channel, city, party, None, 0, news.more)
    return Draft(
        id=new_id(),
        city=city.id,
        party_id="",
        news=_kind(team.team_id, member),
        revision=news.crew.route.revision,
        span=None,
        template=news.template,
        channel=channel,
        to=way.address.to,
        wording=wording,
        lane=news.lane,
        state="suppressed" if way.in_reserve else "created",
        reason=IN_RESERVE if way.in_reserve else "",
        due_at=now,
        expires_at=news.expires_at,
        correlation=new_id(),
        dedupe=f"{city.id}/{team.team_id}/{member.officer_id}/{news.mark}/{channel}",
        audience=TEAM,
        team_id=team.team_id,
        contact=member.officer_id,
        segments=wording.segments,
    )


def _kind(team_id: str, member: TeamMember) -> str:
    return f"team/{team_id}/{member.officer_id}"


def _write(book: Book, drafts: Sequence[Draft], now: datetime) -> None:
    """What waits to be said of a route goes when newer news of it is written."""
    routes = [d for d in drafts if d.template != "team_next" and not d.reserve_of]
    decided = [Decided(d.city, "", d.news, True, d.revision) for d in routes]
    kept = [Decided(d.city, "", d.news, False) for d in drafts if d.template == "team_next"]
    book.write(drafts, (), [*decided, *kept], now)
