"""Cities, parties and visits as notify knows them. The whole service may import it."""

from dataclasses import dataclass
from datetime import datetime

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
class City:
    """What texts and decisions need of a city."""

    id: str
    revision: int
    name: str
    programme: str
    signature: str
    zone: str
    evening_opens: datetime
    evening_closes: datetime
    settle_seconds: int


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
    """What was last heard of a party's visit; `opens` is None where nobody comes.

    `reason` is dispatch's code, then a colon and what a dispatcher wrote, where one did.
    """

    city: str
    party_id: str
    revision: int
    opens: datetime | None
    closes: datetime | None
    reason: str
    correlation: str

    @property
    def code(self) -> str:
        """Dispatch's code for why nobody comes."""
        return self.reason.partition(":")[0]

    @property
    def why(self) -> str:
        """What a dispatcher wrote of it."""
        return self.reason.partition(":")[2].strip()

    @property
    def span(self) -> Span | None:
        """The window that may be told, None where nobody comes."""
        return Span(self.opens, self.closes) if self.opens and self.closes else None


@dataclass(frozen=True, slots=True)
class Told:
    """What a party's host was last told of one kind of news; not `reached`: nobody to tell."""

    span: Span | None
    reached: bool


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
