"""Cities, parties and visits as notify knows them. The whole service may import it."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.voice import AS_DELIVERED, Voice

SMS = "sms"
EMAIL = "email"
NOWHERE = "none"
CHANNELS = (SMS, EMAIL)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to a later one, aware UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of visitor or an area of a city, by its code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class City:
    """What texts and decisions need of a city; `voice` is how it wants to speak."""

    id: str
    revision: int
    name: str
    programme: str
    signature: str
    zone: str
    evening_opens: datetime
    evening_closes: datetime
    settle_seconds: int
    kinds: tuple[Named, ...] = ()
    areas: tuple[Named, ...] = ()
    voice: Voice = AS_DELIVERED


@dataclass(frozen=True, slots=True)
class Party:
    """A party and how its host is reached; empty text is 'none given'."""

    city: str
    id: str
    revision: int
    code: str
    name: str
    address: str
    host_name: str
    phone: str
    email: str
    language: str
    sms_consent: bool
    status_url: str
    withdrawn: bool
    correlation: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One stop of a team: the party's code and address, and the planned arrival (UTC)."""

    party_id: str
    code: str
    address: str
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class Route:
    """A team's stops in order, as last heard; what teams are told is made from it."""

    city: str
    team_id: str
    revision: int
    team_name: str
    plan_version: int
    stops: tuple[RouteStop, ...]


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody in a team; empty text is 'none given'."""

    officer_id: str
    name: str
    phone: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Team:
    """Who is in a team, as last heard; nobody, where there no longer is such a team."""

    city: str
    team_id: str
    revision: int
    team_name: str
    opens: datetime
    closes: datetime
    page_url: str
    members: tuple[TeamMember, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """What was last heard of a party's visit; `opens` is None where nobody comes."""

    city: str
    party_id: str
    revision: int
    opens: datetime | None
    closes: datetime | None
    reason: str
    correlation: str
    team_id: str = ""
    team_name: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def span(self) -> Span | None:
        """The window that may be told, None where nobody comes."""
        return Span(self.opens, self.closes) if self.opens and self.closes else None


@dataclass(frozen=True, slots=True)
class Told:
    """What a party's host was last told of one kind of news; not `reached`: nobody to tell.

    `team_id` and `kinds` are who was said to come, empty where nobody was named.
    """

    span: Span | None
    reached: bool
    team_id: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a host."""

    channel: str
    to: str


def addresses_of(party: Party) -> tuple[Address, ...]:
    """Every way the host may be reached: no SMS without consent and a phone."""
    found = []
    if party.phone and party.sms_consent:
        found.append(Address(SMS, party.phone))
    if party.email:
        found.append(Address(EMAIL, party.email))
    return tuple(found)
