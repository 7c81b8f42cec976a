"""Small evenings, cities, parties and facts for tests; everything may be overridden by name."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.dispatch.domain.evening import (
    City,
    Evening,
    Party,
    Place,
    Team,
    VisitorKind,
    Window,
)
from shared.contracts import city as city_facts
from shared.contracts import message as message_facts
from shared.contracts import party as party_facts
from shared.contracts import values
from shared.contracts.envelope import Envelope, enclose

NOON = datetime(2026, 8, 4, 19, 0, tzinfo=UTC)
ZERO = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)  # 6 PM in Pasadena
KINDS = (VisitorKind("police", "Police", 15), VisitorKind("fire", "Fire engine", 20))


def at(minutes: float) -> datetime:
    """So many minutes into the evening."""
    return ZERO + timedelta(minutes=minutes)


def place(east: float = 0.0, north: float = 0.0) -> Place:
    """A place so many kilometres from the kick-off."""
    return Place(34.14 + north / 111.2, -118.08 + east / 92.0)


def make_city(**over: Any) -> City:
    given: dict[str, Any] = {
        "id": "pasadena",
        "name": "Pasadena",
        "programme": "National Night Out",
        "zone": "America/Los_Angeles",
        "date": "2026-08-04",
        "evening": Window(at(0), at(240)),
        "kinds": KINDS,
    }
    return City(**(given | over))


def make_team(id_: str = "t1", **over: Any) -> Team:
    given: dict[str, Any] = {
        "id": id_,
        "name": f"Team {id_}",
        "kinds": ("police",),
        "languages": ("en",),
        "members": ("A. Officer",),
        "start": place(),
        "shift": Window(at(0), at(240)),
    }
    return Team(**(given | over))


def make_party(id_: str = "p1", **over: Any) -> Party:
    given: dict[str, Any] = {
        "id": id_,
        "code": id_.upper(),
        "name": f"Party {id_}",
        "address": f"{id_} Street",
        "location_notes": "",
        "place": place(1),
        "area": "",
        "window": Window(at(0), at(240)),
        "people": 40,
        "children": 10,
        "wanted": (),
        "no_visit": False,
        "host_name": "Pat",
        "received_at": NOON,
    }
    return Party(**(given | over))


def make_evening(
    parties: Sequence[Party] = (), teams: Sequence[Team] | None = None, **over: Any
) -> Evening:
    given = (make_team(),) if teams is None else tuple(teams)
    own: dict[str, Any] = {"city": make_city(), "teams": given, "parties": tuple(parties)}
    return Evening(**(own | over))


def city_fact(city: City | None = None, teams: Sequence[Team] = (), revision: int = 1) -> Envelope:
    """`city.configured` as registration would say it."""
    city = city or make_city()
    fact = city_facts.CityConfigured(
        id=city.id,
        name=city.name,
        programme=city.programme,
        zone=city.zone,
        date=city.date,
        evening=_window(city.evening),
        kick_off=city_facts.KickOff("Park", values.Place(34.14, -118.08), _window(city.evening)),
        visitor_kinds=tuple(
            city_facts.VisitorKind(kind.code, kind.name, kind.minutes) for kind in city.kinds
        ),
        areas=tuple(city_facts.Area(*area) for area in city.areas.items()),
        teams=tuple(_team(team) for team in teams),
        languages=("en",),
        signature="The police",
        settle_seconds=0,
        configured_at=NOON,
    )
    return _enclose(fact, city.id, city.id, revision)


def party_fact(
    party: Party,
    revision: int = 1,
    city: str = "pasadena",
    kind: type = party_facts.PartyRegistered,
) -> Envelope:
    """`party.*` as registration would say it."""
    host = values.Host(party.host_name, "+16265550100", "", "en", sms_consent=False)
    told = party_facts.Party(
        id=party.id,
        code=party.code,
        name=party.name,
        address=party.address,
        location_notes=party.location_notes,
        place=values.Place(party.place.lat, party.place.lon) if party.place else None,
        area=party.area,
        window=_window(party.window),
        people=party.people,
        children=party.children,
        wanted=party.wanted,
        no_visit=party.no_visit,
        host=host,
        status_url="http://127.0.0.1/status/secret",
        received_at=party.received_at,
        materials=party.materials,
    )
    return _enclose(kind(told), city, party.id, revision)


def sent_fact(message: str, party: str, city: str = "pasadena") -> Envelope:
    """`message.sent` as notify would say it."""
    fact = message_facts.MessageSent(message, party, "confirmation", "email", "p***@e***", NOON)
    return _enclose(fact, city, message, 1)


def failed_fact(message: str, party: str, city: str = "pasadena") -> Envelope:
    """`message.failed` as notify would say it."""
    fact = message_facts.MessageFailed(message, party, "confirmation", "email", "no such box", NOON)
    return _enclose(fact, city, message, 1)


def _enclose(fact: object, city: str, subject: str, revision: int) -> Envelope:
    why = f"because-{subject}"
    return enclose(fact, city=city, subject=subject, revision=revision, correlation=why, now=NOON)


def _team(team: Team) -> city_facts.Team:
    start = values.Place(team.start.lat, team.start.lon)
    lists = (team.kinds, team.languages, team.members)
    return city_facts.Team(team.id, team.name, *lists, start, _window(team.shift))


def _window(window: Window) -> values.Window:
    return values.Window(window.opens, window.closes)
