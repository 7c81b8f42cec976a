"""What dispatch does with each fact that it hears. Called by the worker's edge, batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.evening import City, Party, Place, Team, VisitorKind, Window
from services.dispatch.handlers.staffing import say_staffed
from services.dispatch.ports.heard import HeardParty, Ledger, Message, Staffing
from services.dispatch.ports.planning import Boards, DirtyCities
from shared.contracts import values
from shared.contracts.city import CityConfigured
from shared.contracts.city import Team as ToldTeam
from shared.contracts.envelope import Envelope
from shared.contracts.message import MessageFailed
from shared.contracts.party import Party as ToldParty
from shared.contracts.party import PartyWithdrawn
from shared.ports import Publisher


@dataclass(frozen=True, slots=True)
class Crewing:
    """What it takes to say who is in which team."""

    staffing: Staffing
    publisher: Publisher


def keep_cities(
    ledger: Ledger,
    dirty: DirtyCities,
    boards: Boards,
    facts: Sequence[Envelope],
    now: datetime,
    crewing: Crewing,
) -> list[str]:
    """Keep cities' settings; returns the cities that have to be planned anew."""
    news = []
    for fact in facts:
        told: CityConfigured = fact.data
        teams = [_team(team) for team in told.teams]
        if ledger.keep_city(_city(told), teams, fact.revision):
            news.append(told.id)
    _spoil(dirty, boards, news, now)
    for city in sorted(news):
        say_staffed(crewing.staffing, crewing.publisher, city)
    return news


def keep_parties(
    ledger: Ledger, dirty: DirtyCities, boards: Boards, facts: Sequence[Envelope], now: datetime
) -> list[str]:
    """Keep parties as they now are; returns the cities that have to be planned anew."""
    by_city: dict[str, list[HeardParty]] = {}
    for fact in facts:
        party = party_of_fact(fact.data.party, withdrawn=isinstance(fact.data, PartyWithdrawn))
        heard = HeardParty(party, fact.revision, fact.correlation)
        by_city.setdefault(fact.city, []).append(heard)
    news = [city for city, heard in by_city.items() if ledger.keep_parties(city, heard)]
    _spoil(dirty, boards, news, now)
    return news


def keep_messages(ledger: Ledger, boards: Boards, facts: Sequence[Envelope], now: datetime) -> None:
    """Keep what became of messages to hosts; no plan depends on it."""
    by_city: dict[str, list[Message]] = {}
    for fact in facts:
        by_city.setdefault(fact.city, []).append(_message(fact))
    for city, messages in by_city.items():
        if ledger.keep_messages(city, messages):
            boards.changed(city, now)


def _spoil(dirty: DirtyCities, boards: Boards, cities: Sequence[str], now: datetime) -> None:
    for city in sorted(cities):
        dirty.mark(city, now)
        boards.changed(city, now)


def _message(fact: Envelope) -> Message:
    told = fact.data
    failed = isinstance(told, MessageFailed)
    fault = (told.reason or "unknown") if failed else ""
    at = told.failed_at if failed else told.sent_at
    return Message(told.message_id, told.party_id, told.template, told.channel, fault, at)


def _city(told: CityConfigured) -> City:
    kinds = tuple(VisitorKind(kind.code, kind.name, kind.minutes) for kind in told.visitor_kinds)
    evening = _window(told.evening)
    areas = {area.code: area.name for area in told.areas}
    return City(told.id, told.name, told.programme, told.zone, told.date, evening, kinds, areas)


def _team(told: ToldTeam) -> Team:
    lists = (told.kinds, told.languages, told.members)
    return Team(told.id, told.name, *lists, _place(told.start), _window(told.shift))


def party_of_fact(told: ToldParty, *, withdrawn: bool) -> Party:
    """The party that a fact tells of."""
    return Party(
        id=told.id,
        code=told.code,
        name=told.name,
        address=told.address,
        location_notes=told.location_notes,
        place=_place(told.place) if told.place else None,
        area=told.area,
        window=_window(told.window),
        people=told.people,
        children=told.children,
        wanted=told.wanted,
        no_visit=told.no_visit,
        host_name=told.host.name,
        received_at=told.received_at,
        withdrawn=withdrawn,
        language=told.host.language,
        materials=told.materials,
    )


def _place(told: values.Place) -> Place:
    return Place(told.lat, told.lon)


def _window(told: values.Window) -> Window:
    return Window(told.opens, told.closes)
