"""The names that a template may use, made from what notify knows; and samples to try them with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

from services.notify.adapters.tongues import Tongue
from services.notify.domain.saying import NOTHING_MORE, More
from services.notify.domain.times import spoken_clock, spoken_date, spoken_day, spoken_span
from services.notify.domain.turns import Turn
from services.notify.domain.values import SMS, City, Named, Party, RouteStop, Span
from services.notify.domain.voice import Officer, Voice
from services.notify.domain.wording import one_line


@dataclass(frozen=True, slots=True)
class StopWords:
    """A stop as a team reads it."""

    code: str
    address: str
    time: str


@dataclass(frozen=True, slots=True)
class Context:
    """The names that a template may use."""

    programme: str
    signature: str
    city: str
    host: str
    party: str
    code: str
    address: str
    link: str
    date: str
    day: str
    window: str
    minutes: int
    who: str
    team: str
    change: str
    visited: bool
    contact: str
    officer: str
    stops: tuple[StopWords, ...]
    added: tuple[StopWords, ...]
    removed: tuple[StopWords, ...]
    moved: tuple[StopWords, ...]
    reordered: bool


NAMES = frozenset(one.name for one in fields(Context))
LISTS = frozenset({"stops", "added", "removed", "moved"})


def context_of(
    city: City,
    party: Party,
    span: Span | None,
    tongue: Tongue,
    channel: str,
    minutes: int = 0,
    more: More = NOTHING_MORE,
) -> Context:
    """What is known, in words of the language; a text gets no dash that would double its price."""
    language = tongue.code
    window = spoken_span(span, city.zone, language) if span else ""
    day = span.opens if span else city.evening_opens
    officer = city.voice.officer_of(party.area)
    turn = more.turn
    return Context(
        programme=city.programme,
        signature=city.signature,
        city=city.name,
        host=party.host_name,
        party=party.name or party.address,
        code=party.code,
        address=party.address,
        link=party.status_url,
        date=spoken_date(day, city.zone, language),
        day=spoken_day(day, city.zone, language),
        window=window.replace("–", "-") if channel == SMS else window,
        minutes=minutes,
        who=who_comes(more.kinds, city, tongue),
        team=one_line(more.team) if city.voice.name_teams else "",
        change=more.change,
        visited=more.visited,
        contact=city.voice.contact,
        officer=officer.reach if officer else "",
        stops=_stops(more.stops, city, language),
        added=_stops(turn.added, city, language),
        removed=_stops(turn.removed, city, language),
        moved=_stops(turn.moved, city, language),
        reordered=turn.reordered,
    )


def who_comes(kinds: Sequence[str], city: City, tongue: Tongue) -> str:
    """Like "police officers and a fire engine"; in words of the language where it has them."""
    names = {kind.code: kind.name for kind in city.kinds}
    said = [tongue.kinds.get(kind) or names.get(kind, "") for kind in kinds]
    said = [one for one in said if one]
    *most, last = said or [""]
    return f"{', '.join(most)} {tongue.conjunction} {last}" if most else last


def _stops(stops: Sequence[RouteStop], city: City, language: str) -> tuple[StopWords, ...]:
    return tuple(
        StopWords(s.code, s.address, spoken_clock(s.arrives_at, city.zone, language)) for s in stops
    )


_EVENING = datetime(2027, 8, 4, 1, tzinfo=UTC)
SAMPLE_SPAN = Span(_EVENING + timedelta(minutes=70), _EVENING + timedelta(minutes=100))
SAMPLE_CITY = City(
    id="sample",
    revision=1,
    name="Sample City",
    programme="Sample Night Out",
    signature="Sample Police Department",
    zone="America/Los_Angeles",
    evening_opens=_EVENING,
    evening_closes=_EVENING + timedelta(hours=4),
    settle_seconds=2,
)
_STOPS = tuple(
    RouteStop(str(i), code, street, _EVENING + timedelta(minutes=30 * i))
    for i, (code, street) in enumerate(
        [("K7MP2R", "100 block of Maple Street"), ("Q4ZX8W", "2200 block of Oak Avenue")], start=1
    )
)
SAMPLE_MORE = More(
    change="later",
    kinds=("fire_engine", "police"),
    team="Team 1",
    visited=True,
    stops=_STOPS,
    turn=Turn(_STOPS[:1], _STOPS[1:], _STOPS[:1], reordered=True),
)
FULL_CITY = replace(
    SAMPLE_CITY,
    kinds=(Named("police", "Police officers"), Named("fire_engine", "Fire engine")),
    voice=Voice(
        contact_name="Community Services",
        contact_phone="626-555-0100",
        officers=(Officer("", "Officer Kim", "626-555-0101"),),
        name_teams=True,
    ),
)


def sample_party(language: str) -> Party:
    """A party to try templates with."""
    return Party(
        city="sample",
        id="0",
        revision=1,
        code="SAMPLE",
        name="Maple Street",
        address="100 block of Maple Street",
        host_name="Sam Host",
        phone="+16265550100",
        email="sam@example.org",
        language=language,
        sms_consent=True,
        status_url="https://example.org/p/sample",
        withdrawn=False,
        correlation="sample",
    )


def samples(language: str) -> list[tuple[City, Party, Span | None, int, More]]:
    """Everything known, and as little as can be: a template has to do for both."""
    bare = replace(sample_party(language), host_name="", name="")
    return [
        (FULL_CITY, sample_party(language), SAMPLE_SPAN, 8, SAMPLE_MORE),
        (SAMPLE_CITY, bare, None, 0, NOTHING_MORE),
    ]
