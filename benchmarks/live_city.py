"""A made-up city in the middle of its evening, as facts. `benchmarks.live` uses it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import sql

from shared.contracts.city import CityConfigured, KickOff, Team, VisitorKind
from shared.contracts.envelope import Envelope, enclose
from shared.contracts.party import Party, PartyRegistered
from shared.contracts.values import Host, Place, Window

CITY = "benchmark"


def fresh(admin_url: str, name: str) -> str:
    """An empty database's address."""
    with psycopg.connect(admin_url, autocommit=True) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return admin_url.rpartition("/")[0] + "/" + name


def facts(parties: int, teams: int, seed: int = 1) -> Iterator[Envelope]:
    """The city and its parties; its evening began ten minutes ago and lasts four hours."""
    rng = random.Random(seed)
    now = datetime.now(UTC)
    evening = Window(now - timedelta(minutes=10), now + timedelta(hours=4))
    yield _fact(_city(teams, evening, now), CITY, now)
    spread = 0.03 + 0.05 * (parties / 1500)
    for number in range(parties):
        party = f"party-{number:05}"
        place = Place(34.14 + rng.uniform(-spread, spread), -118.08 + rng.uniform(-spread, spread))
        yield _fact(PartyRegistered(_party(party, number, place, evening, now)), party, now)


def _fact(fact: object, subject: str, now: datetime) -> Envelope:
    return enclose(fact, city=CITY, subject=subject, revision=1, correlation="bench", now=now)


def _city(teams: int, evening: Window, now: datetime) -> CityConfigured:
    start = Place(34.14, -118.08)
    return CityConfigured(
        id=CITY,
        name="Benchmark",
        programme="Night Out",
        zone="UTC",
        date=f"{now:%Y-%m-%d}",
        evening=evening,
        kick_off=KickOff("Park", start, evening),
        visitor_kinds=(VisitorKind("police", "Police", 10),),
        areas=(),
        teams=tuple(
            Team(f"team-{n:03}", f"Team {n}", ("police",), ("en",), (), start, evening)
            for n in range(teams)
        ),
        languages=("en",),
        signature="The police",
        settle_seconds=2,
        configured_at=now,
    )


def _party(party: str, number: int, place: Place, evening: Window, now: datetime) -> Party:
    return Party(
        id=party,
        code=f"B{number:05}",
        name=f"Block {number}",
        address=f"{number} Elm Street",
        location_notes="",
        place=place,
        area=f"area-{number % 8}",
        window=evening,
        people=40,
        children=10,
        wanted=(),
        no_visit=False,
        host=Host("Pat", "", "pat@example.org", "en", sms_consent=False),
        status_url="https://example.org/p/x",
        received_at=now,
    )
