"""A city's settings for one evening, as its file gives them. Everything here may use it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.registration.domain.civil_time import Span
from services.registration.domain.entry_rules import EntryRules
from services.registration.domain.geography import Point
from services.registration.domain.keeping import PublicRules, Retention

_APART = timedelta(days=30)
"""Evenings of one city lie at least so far apart, a rain date not counted."""


@dataclass(frozen=True, slots=True)
class VisitorKind:
    """A kind of visitor that hosts may ask for, and how long such a visit takes."""

    code: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city in which coverage is counted; `officer` answers its residents."""

    code: str
    name: str
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A team, where it is released and its shift in UTC."""

    id: str
    name: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    members: tuple[str, ...]
    start: Point
    shift: Span


@dataclass(frozen=True, slots=True)
class KickOff:
    """Where the evening starts, and when."""

    name: str
    place: Point
    span: Span


@dataclass(frozen=True, slots=True)
class City:
    """One city and its evening; `notes` are remarks on how its file was understood."""

    slug: str
    name: str
    programme: str
    zone: ZoneInfo
    day: date
    evening: Span
    kick_off: KickOff
    visitor_kinds: tuple[VisitorKind, ...]
    areas: tuple[Area, ...]
    teams: tuple[Team, ...]
    languages: tuple[str, ...]
    signature: str
    settle_seconds: int
    radius_km: float
    entry: EntryRules = field(default_factory=EntryRules)
    public: PublicRules = field(default_factory=PublicRules)
    retention: Retention = field(default_factory=Retention)
    notes: tuple[str, ...] = field(default=(), compare=False)

    def is_of_an_earlier_year(self, span: Span) -> bool:
        """Whether a party of that time belonged to an evening before this one."""
        return span.closes < self.counts_from

    @property
    def counts_from(self) -> datetime:
        """Parties that ended before this moment belonged to an earlier evening."""
        return self.evening.opens - _APART

    def kind_codes(self) -> frozenset[str]:
        """The codes that `wanted` may hold."""
        return frozenset(kind.code for kind in self.visitor_kinds)

    def area_codes(self) -> frozenset[str]:
        """The codes that `area` may hold."""
        return frozenset(area.code for area in self.areas)
