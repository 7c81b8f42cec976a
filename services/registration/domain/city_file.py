"""Reads a city's TOML file into its settings. The `city add` command and the city book use it."""

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from services.registration.domain.city import Area, City, KickOff, Team, VisitorKind
from services.registration.domain.civil_time import (
    NoSuchTime,
    NotATime,
    Resolved,
    Span,
    in_zone,
    read_moment,
)
from services.registration.domain.entry_rules import EntryRules
from services.registration.domain.entry_rules_file import read_entry_rules
from services.registration.domain.geography import Point
from services.registration.domain.keeping_file import read_public, read_retention
from services.registration.domain.toml_table import CityFileWrong, Table

_KEYS = [
    "slug",
    "name",
    "programme",
    "zone",
    "date",
    "evening",
    "kick_off",
    "visitor_kinds",
    "areas",
    "teams",
    "languages",
    "signature",
    "settle_seconds",
    "bounds",
    "registration",
    "public",
    "retention",
]
# First parts of addresses, of this service and of those that show cities too.
_RESERVED = frozenset(
    (
        *("api", "static", "healthz", "readyz", "city", "party"),
        *("account", "accounts-static", "audit", "console-static", "dead-letters", "enter"),
        *("house-static", "invitation", "pass", "sign-in", "sign-out", "staff", "t", "team"),
        *("team-static", "tokens"),
    )
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_city(text: str) -> City:
    """The settings in a file's text; raises `CityFileWrong` with a sentence that names the key."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CityFileWrong(f"The file is not valid TOML: {error}.") from error
    top = Table(values)
    top.only(*_KEYS)
    return _Reader(top).city()


class _Reader:
    """Reads one file; holds the zone and date that every time in it needs."""

    def __init__(self, top: Table) -> None:
        self.top = top
        self.notes: list[str] = []
        self.zone = _zone(top)
        self.day = _day(top)

    def city(self) -> City:
        top = self.top
        evening = self.span(top.table("evening"), only=True)
        kick_off = self.kick_off(top.table("kick_off"))
        kinds = tuple(_kind(table) for table in top.tables("visitor_kinds"))
        _distinct(top, "visitor_kinds", (kind.code for kind in kinds))
        areas = tuple(_area(table) for table in top.tables("areas")) if top.has("areas") else ()
        _distinct(top, "areas", (area.code for area in areas))
        return City(
            slug=_slug(top),
            name=top.text("name"),
            programme=top.text("programme"),
            zone=self.zone,
            day=self.day,
            evening=evening,
            kick_off=kick_off,
            visitor_kinds=kinds,
            areas=areas,
            teams=self.teams(kinds, kick_off, evening),
            languages=_languages(top),
            signature=top.text("signature"),
            settle_seconds=top.whole("settle_seconds", 0, 3600) if top.has("settle_seconds") else 2,
            radius_km=_radius(top),
            entry=self.entry_rules(),
            public=read_public(top),
            retention=read_retention(top),
            notes=tuple(self.notes),
        )

    def entry_rules(self) -> EntryRules:
        if not self.top.has("registration"):
            return EntryRules()
        table = self.top.table("registration")
        return read_entry_rules(table, self.moment, _languages(self.top))

    def kick_off(self, table: Table) -> KickOff:
        table.only("name", "place", "starts", "ends")
        return KickOff(table.text("name"), _point(table, "place"), self.span(table))

    def teams(
        self, kinds: tuple[VisitorKind, ...], kick_off: KickOff, evening: Span
    ) -> tuple[Team, ...]:
        tables = list(self.top.tables("teams"))
        teams = tuple(self.team(table, kick_off, evening) for table in tables)
        _distinct(self.top, "teams", (team.id for team in teams))
        known = {kind.code for kind in kinds}
        for table, team in zip(tables, teams, strict=True):
            strangers = sorted(set(team.kinds) - known)
            if strangers:
                raise table.wrong("kinds", f"names {strangers[0]!r}, which visitor_kinds lacks")
        return teams

    def team(self, table: Table, kick_off: KickOff, evening: Span) -> Team:
        table.only("id", "name", "kinds", "languages", "members", "start", "from", "until")
        opens = self.moment(table, "from") if table.has("from") else kick_off.span.closes
        closes = self.moment(table, "until") if table.has("until") else evening.closes
        if not opens < closes:
            raise table.wrong("until", "must be later than the team's start")
        return Team(
            id=table.text("id", 60),
            name=table.text("name"),
            kinds=table.texts("kinds"),
            languages=table.texts("languages") if table.has("languages") else ("en",),
            members=table.texts("members") if table.has("members") else (),
            start=_point(table, "start") if table.has("start") else kick_off.place,
            shift=Span(opens, closes),
        )

    def span(self, table: Table, only: bool = False) -> Span:
        if only:
            table.only("starts", "ends")
        span = Span(self.moment(table, "starts"), self.moment(table, "ends"))
        if not span.opens < span.closes:
            raise table.wrong("ends", f"must be later than {table.key('starts')}")
        return span

    def moment(self, table: Table, name: str) -> datetime:
        """The moment of a local time; the first one, with a note, where it exists twice."""
        value = table.value(name, str, time, datetime)
        try:
            found = self._resolved(value)
        except NotATime as error:
            raise table.wrong(name, f"must be a time like 18:00, not {value!r}") from error
        except NoSuchTime as error:
            raise table.wrong(name, f"cannot be used: {error}, the clocks skip it") from error
        if found.twice:
            self.notes.append(
                f"{table.key(name)} exists twice on that date; the first one was taken (fold 0)."
            )
        return found.moment

    def _resolved(self, value: Any) -> Resolved:
        if isinstance(value, str):
            return read_moment(value, self.day, self.zone)
        local = datetime.combine(self.day, value) if isinstance(value, time) else value
        return Resolved(local.astimezone(UTC)) if local.tzinfo else in_zone(local, self.zone)


def _zone(top: Table) -> ZoneInfo:
    name = top.text("zone", 60)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise top.wrong(
            "zone", f"must be a time zone like America/Los_Angeles, not {name!r}"
        ) from error


def _day(top: Table) -> date:
    value = top.value("date", str, date)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise top.wrong("date", f"must be a date like 2027-08-03, not {str(value)!r}") from error


def _slug(top: Table) -> str:
    slug = top.text("slug", 60)
    if not _SLUG.fullmatch(slug) or slug in _RESERVED:
        raise top.wrong(
            "slug", f"must be small letters, digits and hyphens like salem-oregon, not {slug!r}"
        )
    return slug


def _languages(top: Table) -> tuple[str, ...]:
    languages = top.texts("languages") if top.has("languages") else ("en",)
    if not languages:
        raise top.wrong("languages", "must name at least one language")
    return languages


def _radius(top: Table) -> float:
    if not top.has("bounds"):
        return 60.0
    bounds = top.table("bounds")
    bounds.only("radius_km")
    return bounds.number("radius_km", 1, 1000)


def _point(table: Table, name: str) -> Point:
    place = table.table(name)
    place.only("lat", "lon")
    return Point(place.number("lat", -90, 90), place.number("lon", -180, 180))


def _kind(table: Table) -> VisitorKind:
    table.only("code", "name", "minutes")
    return VisitorKind(table.text("code", 40), table.text("name"), table.whole("minutes", 1, 240))


def _area(table: Table) -> Area:
    table.only("code", "name", "officer")
    officer = table.text("officer") if table.has("officer") else ""
    return Area(table.text("code", 60), table.text("name"), officer)


def _distinct(top: Table, name: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for found in ids:
        if found in seen:
            raise top.wrong(name, f"has {found!r} twice")
        seen.add(found)
