"""Facts as registration and dispatch would say them, with a made-up city and party."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.city import CityConfigured, KickOff
from shared.contracts.envelope import Envelope, enclose
from shared.contracts.party import Party, PartyAmended, PartyRegistered, PartyWithdrawn
from shared.contracts.values import Host, Place, Window
from shared.contracts.visit import VisitScheduled, VisitUnscheduled

CITY = "pasadena"
PARTY = "0190a000-0000-7000-8000-000000000001"
NOW = datetime(2026, 8, 1, 17, tzinfo=UTC)
SEVEN = datetime(2026, 8, 5, 2, tzinfo=UTC)
"""Seven in the evening of August 4 in Pasadena."""

HOST = Host("Ana Pérez", "+16265550123", "ana@example.org", "en", sms_consent=True)
TEXTED = replace(HOST, email="")
"""Has a phone and nothing else, and so is told by text."""
_PLACE = Place(34.15, -118.13)
_EVENING = Window(SEVEN - timedelta(hours=1), SEVEN + timedelta(hours=3))


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, **by: float) -> None:
        self._now += timedelta(**by)


def said(fact: object, subject: str, revision: int, city: str = CITY) -> Envelope:
    """The fact in its envelope."""
    return enclose(
        fact, city=city, subject=subject, revision=revision, correlation="test-run", now=NOW
    )


def city_configured(city: str = CITY, revision: int = 1, evening: Window = _EVENING) -> Envelope:
    """A city with a settle time of two seconds."""
    fact = CityConfigured(
        id=city,
        name="Pasadena",
        programme="Pasadena Night Out",
        zone="America/Los_Angeles",
        date="2026-08-04",
        evening=evening,
        kick_off=KickOff("Park", _PLACE, evening),
        visitor_kinds=(),
        areas=(),
        teams=(),
        languages=("en", "es"),
        signature="Pasadena Police Department",
        settle_seconds=2,
        configured_at=NOW,
    )
    return said(fact, city, revision, city)


def party_of(host: Host = HOST, party_id: str = PARTY, **changes: Any) -> Party:
    """The party of the host."""
    party = Party(
        id=party_id,
        code="K7MP2R",
        name="Maple Street",
        address="100 block of Maple Street",
        location_notes="",
        place=_PLACE,
        area="north",
        window=_EVENING,
        people=40,
        children=10,
        wanted=("police",),
        no_visit=False,
        host=host,
        status_url="https://nno.example.org/p/secret",
        received_at=NOW,
    )
    return replace(party, **changes)


def registered(party: Party | None = None, revision: int = 1, city: str = CITY) -> Envelope:
    party = party or party_of()
    return said(PartyRegistered(party), party.id, revision, city)


def one_by_text_one_by_mail() -> tuple[Envelope, Envelope]:
    """Two parties: one whose host is told by text, one whose host is told by e-mail."""
    other = party_of(replace(HOST, phone=""), PARTY[:-1] + "2", code="Q4ZX8W")
    return registered(party_of(TEXTED)), registered(other)


def amended(party: Party, revision: int = 2, city: str = CITY) -> Envelope:
    return said(PartyAmended(party), party.id, revision, city)


def withdrawn(party: Party | None = None, revision: int = 3, city: str = CITY) -> Envelope:
    party = party or party_of()
    return said(PartyWithdrawn(party), party.id, revision, city)


def scheduled(
    minutes: float, revision: int = 1, party_id: str = PARTY, city: str = CITY
) -> Envelope:
    """A visit with a window of half an hour that opens `minutes` after seven."""
    opens = SEVEN + timedelta(minutes=minutes)
    window = Window(opens, opens + timedelta(minutes=30))
    fact = VisitScheduled(party_id, "t1", "Team 1", ("police",), opens, window, revision)
    return said(fact, party_id, revision, city)


def unscheduled(revision: int = 1, party_id: str = PARTY, city: str = CITY) -> Envelope:
    fact = VisitUnscheduled(party_id, "no_team_free", "All teams are full.", revision)
    return said(fact, party_id, revision, city)
