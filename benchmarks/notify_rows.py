"""A city on its evening, its hosts and their messages: what the benchmark of notify works on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contracts.city import CityConfigured, KickOff
from shared.contracts.envelope import Envelope, enclose
from shared.contracts.party import Party, PartyRegistered
from shared.contracts.values import Host, Place, Window
from shared.contracts.visit import VisitEnRoute
from shared.db import Connection

CITY = "bench"
HOSTS = 300


@dataclass(frozen=True)
class Night:
    """The evening that goes on while this runs."""

    prefix: str
    now: datetime
    window: Window

    def phone(self, number: int) -> str:
        """The number of a host."""
        return f"{self.prefix}{number:04}"

    def party(self, number: int) -> str:
        """The id of a host's party."""
        return f"0190a000-0000-7000-8000-{number:012}"


_NOW = datetime.now(UTC)
NIGHT = Night("+1213555", _NOW, Window(_NOW - timedelta(hours=1), _NOW + timedelta(hours=4)))
_PLACE = Place(34.15, -118.13)


def city() -> Envelope:
    """The city's settings."""
    fact = CityConfigured(
        id=CITY,
        name="Bench",
        programme="Bench Night Out",
        zone="America/Los_Angeles",
        date=f"{_NOW:%Y-%m-%d}",
        evening=NIGHT.window,
        kick_off=KickOff("Park", _PLACE, NIGHT.window),
        visitor_kinds=(),
        areas=(),
        teams=(),
        languages=("en", "es"),
        signature="Bench Police Department",
        settle_seconds=2,
        configured_at=_NOW,
    )
    return _said(fact, CITY)


def registered(number: int) -> Envelope:
    """A host with a phone and consent, and no e-mail."""
    host = Host("Ana Host", NIGHT.phone(number), "", "en", sms_consent=True)
    party = Party(
        id=NIGHT.party(number),
        code=f"B{number:05}",
        name=f"Block {number}",
        address=f"{number} Elm St",
        location_notes="",
        place=_PLACE,
        area="north",
        window=NIGHT.window,
        people=40,
        children=10,
        wanted=("police",),
        no_visit=False,
        host=host,
        status_url="https://nno.example.org/p/secret",
        received_at=_NOW,
    )
    return _said(PartyRegistered(party), party.id)


def en_route(number: int) -> Envelope:
    """A team sets out for the host's party."""
    now = datetime.now(UTC)
    party = NIGHT.party(number)
    fact = VisitEnRoute(party, "t1", "Team 1", 10, now + timedelta(minutes=10), now)
    return _said(fact, party)


def _said(fact: object, subject: str) -> Envelope:
    return enclose(fact, city=CITY, subject=subject, revision=1, correlation="bench-run", now=_NOW)


def go_live(conn: Connection) -> None:
    """Let the city's messages out, to the provider on this machine."""
    conn.execute("insert into live_cities values (%s, now(), 'bench')", (CITY,))
    conn.execute(_CITY, (CITY, NIGHT.window.opens, NIGHT.window.closes))


def write_texts(conn: Connection, lane: str, words: str, number: int) -> None:
    """Messages that wait to be handed over."""
    conn.execute(_TEXTS, {"lane": lane, "words": words, "number": number, "city": CITY})


_CITY = """
insert into cities (id, revision, name, programme, signature, zone, evening_opens, evening_closes,
    settle_seconds)
values (%s, 0, 'Bench', 'Bench Night Out', 'Bench Police', 'America/Los_Angeles', %s, %s, 2)
"""
_TEXTS = """
insert into messages (id, city, party_id, news, revision, template, version, channel, to_address,
    language, subject, body, html, lane, state, reason, due_at, expires_at, correlation, dedupe,
    segments)
select %(words)s || n, %(city)s, n::text, %(words)s, 1, 'broadcast', '1', 'sms',
    '+1626555' || lpad(n::text, 4, '0'), 'en', '', %(words)s, '', %(lane)s, 'created', '', now(),
    now() + interval '2 hours', 'bench', %(words)s || n, 1
from generate_series(1, %(number)s) n
"""
