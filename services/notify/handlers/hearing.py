"""Takes in what other services say, in any order and any number of times. The worker calls it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from services.notify.domain.values import (
    City,
    Named,
    Party,
    Route,
    RouteStop,
    Team,
    TeamMember,
    Visit,
)
from services.notify.domain.wording import one_line
from services.notify.ports.telling import Book
from shared.contracts.city import CityConfigured
from shared.contracts.envelope import Envelope
from shared.contracts.party import (
    PartyAmended,
    PartyForgotten,
    PartyRegistered,
    PartyWithdrawn,
)
from shared.contracts.route import RouteUpdated
from shared.contracts.team import TeamStaffed
from shared.contracts.visit import VisitRescheduled, VisitScheduled, VisitUnscheduled

Known = TypeVar("Known", City, Party, Visit, Route, Team)


def hear_cities(book: Book, facts: Sequence[Envelope], now: datetime) -> None:
    """Keep the newest state of each city; hosts are told of another date once it has settled."""
    book.keep_cities(_newest(city_of(fact) for fact in facts), now)


def hear_parties(book: Book, facts: Sequence[Envelope], now: datetime) -> None:
    """Keep the newest state of each party."""
    book.keep_parties(_newest(party_of(fact) for fact in facts), now)


def hear_visits(book: Book, facts: Sequence[Envelope], now: datetime) -> None:
    """Keep the newest state of each visit and let it settle before anybody is told."""
    book.keep_visits(_newest(visit_of(fact) for fact in facts), now)


def hear_routes(book: Book, facts: Sequence[Envelope], now: datetime) -> None:
    """Keep the newest route of each team and let it settle before the team is told."""
    book.keep_routes(_newest(route_of(fact) for fact in facts), now)


def hear_teams(book: Book, facts: Sequence[Envelope], now: datetime) -> None:
    """Keep the newest members of each team."""
    book.keep_teams(_newest(team_of(fact) for fact in facts), now)


def _newest(known: Iterable[Known]) -> list[Known]:
    newest: dict[str, Known] = {}
    for state in known:
        key = _key(state)
        if key not in newest or newest[key].revision < state.revision:
            newest[key] = state
    return [newest[key] for key in sorted(newest)]


def _key(state: City | Party | Visit | Route | Team) -> str:
    match state:
        case City():
            return state.id
        case Party():
            return f"{state.city}/{state.id}"
        case Visit():
            return f"{state.city}/{state.party_id}"
        case Route() | Team():
            return f"{state.city}/{state.team_id}"


def route_of(envelope: Envelope) -> Route:
    """The route of a `route.updated`."""
    fact = envelope.data
    assert isinstance(fact, RouteUpdated)
    return Route(
        city=envelope.city,
        team_id=fact.team_id,
        revision=envelope.revision,
        team_name=one_line(fact.team_name),
        plan_version=fact.plan_version,
        stops=tuple(
            RouteStop(s.party_id, one_line(s.code), one_line(s.address), s.arrives_at)
            for s in fact.stops
        ),
    )


def team_of(envelope: Envelope) -> Team:
    """The team of a `team.staffed`."""
    fact = envelope.data
    assert isinstance(fact, TeamStaffed)
    return Team(
        city=envelope.city,
        team_id=fact.team_id,
        revision=envelope.revision,
        team_name=one_line(fact.team_name),
        opens=fact.shift.opens,
        closes=fact.shift.closes,
        page_url=one_line(fact.page_url),
        members=tuple(
            TeamMember(m.officer_id, *map(one_line, (m.name, m.phone, m.email, m.language)))
            for m in fact.members
        ),
    )


def city_of(envelope: Envelope) -> City:
    """The city of a `city.configured`."""
    fact = envelope.data
    assert isinstance(fact, CityConfigured)
    return City(
        id=fact.id,
        revision=envelope.revision,
        name=one_line(fact.name),
        programme=one_line(fact.programme),
        signature=one_line(fact.signature),
        zone=fact.zone,
        evening_opens=fact.evening.opens,
        evening_closes=fact.evening.closes,
        settle_seconds=fact.settle_seconds,
        kinds=tuple(Named(one.code, one_line(one.name)) for one in fact.visitor_kinds),
        areas=tuple(Named(one.code, one_line(one.name)) for one in fact.areas),
    )


def party_of(envelope: Envelope) -> Party:
    """The party of a `party.*`."""
    fact = envelope.data
    assert isinstance(fact, PartyRegistered | PartyAmended | PartyWithdrawn | PartyForgotten)
    party, host = fact.party, fact.party.host
    return Party(
        city=envelope.city,
        id=party.id,
        revision=envelope.revision,
        code=one_line(party.code),
        name=one_line(party.name),
        address=one_line(party.address),
        host_name=one_line(host.name),
        phone=one_line(host.phone),
        email=one_line(host.email),
        language=one_line(host.language),
        sms_consent=host.sms_consent,
        status_url=one_line(party.status_url),
        withdrawn=fact.withdrawn
        if isinstance(fact, PartyForgotten)
        else isinstance(fact, PartyWithdrawn),
        correlation=envelope.correlation,
        area=one_line(party.area),
    )


def visit_of(envelope: Envelope) -> Visit:
    """The visit of a `visit.*`."""
    fact = envelope.data
    assert isinstance(fact, VisitScheduled | VisitUnscheduled | VisitRescheduled)
    if isinstance(fact, VisitUnscheduled):
        reason = one_line(f"{fact.reason}: {fact.why}" if fact.why else fact.reason)
        return Visit(
            *(envelope.city, fact.party_id, envelope.revision, None, None, reason),
            envelope.correlation,
        )
    return Visit(
        city=envelope.city,
        party_id=fact.party_id,
        revision=envelope.revision,
        opens=fact.window.opens,
        closes=fact.window.closes,
        reason="",
        correlation=envelope.correlation,
        team_id=fact.team_id,
        team_name=one_line(fact.team_name),
        kinds=tuple(sorted(one_line(kind) for kind in fact.kinds)),
    )
