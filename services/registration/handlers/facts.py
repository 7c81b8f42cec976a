"""Turns registration's own types into the facts that other services hear. Handlers use it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from services.registration.domain.city import City
from services.registration.domain.civil_time import Span
from services.registration.domain.geography import Point
from services.registration.domain.keeping import GROUPS, Group
from services.registration.domain.party import Party
from services.registration.ports import LinkMaker
from shared.contracts import city as contract
from shared.contracts import party as party_contract
from shared.contracts.values import Host, Place, Window


def party_fact(party: Party, links: LinkMaker) -> party_contract.Party:
    """The party as other services see it."""
    details = party.details
    host = details.host
    return party_contract.Party(
        id=party.id,
        code=party.code,
        name=details.name,
        address=details.address,
        location_notes=details.location_notes,
        place=_place(details.place) if details.place else None,
        area=details.area,
        window=_window(details.span),
        people=details.people,
        children=details.children,
        wanted=details.wanted,
        no_visit=details.no_visit or party.waiting,
        host=Host(host.name, host.phone, host.email, host.language, host.sms_consent),
        status_url=links.written_url(party),
        received_at=party.received_at,
        materials=details.materials,
    )


def forgotten_fact(
    party: Party, groups: Collection[Group], links: LinkMaker
) -> party_contract.PartyForgotten:
    """What is left of the party, for who has to remove the same; contacts take the link along."""
    left = party_fact(party, links)
    if "contacts" in groups:
        left = replace(left, status_url="")
    return party_contract.PartyForgotten(
        left, party.state == "withdrawn", tuple(g for g in GROUPS if g in groups)
    )


def city_fact(city: City, now: datetime) -> contract.CityConfigured:
    """The city as other services see it."""
    return contract.CityConfigured(
        id=city.slug,
        name=city.name,
        programme=city.programme,
        zone=city.zone.key,
        date=city.day.isoformat(),
        evening=_window(city.evening),
        kick_off=contract.KickOff(
            city.kick_off.name, _place(city.kick_off.place), _window(city.kick_off.span)
        ),
        visitor_kinds=tuple(
            contract.VisitorKind(k.code, k.name, k.minutes) for k in city.visitor_kinds
        ),
        areas=tuple(contract.Area(a.code, a.name) for a in city.areas),
        teams=tuple(
            contract.Team(
                t.id, t.name, t.kinds, t.languages, t.members, _place(t.start), _window(t.shift)
            )
            for t in city.teams
        ),
        languages=city.languages,
        signature=city.signature,
        settle_seconds=city.settle_seconds,
        configured_at=now,
    )


def _place(point: Point) -> Place:
    return Place(point.lat, point.lon)


def _window(span: Span) -> Window:
    return Window(span.opens, span.closes)
