"""A party, what was asked for it and what was understood. Everything in this service may use it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from services.registration.domain.civil_time import Span
from services.registration.domain.geography import Point

Actor = Literal["host", "import", "staff", "geocoder"]
State = Literal["registered", "withdrawn"]
PlacedBy = Literal["", "host", "geocoder", "staff", "import"]
Closure = Literal["", "wanted", "granted", "refused"]
Confirmed = Literal["", "yes", "no"]
Answers = tuple[tuple[str, str], ...]
"""Question code and answer, for the questions that a city itself asks."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody asks for, as given: times still text, contacts as typed."""

    name: str
    address: str
    starts_at: str
    ends_at: str
    host_name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    sms_consent: bool = False
    location_notes: str = ""
    lat: float | None = None
    lon: float | None = None
    area: str = ""
    people: int = 0
    children: int = 0
    wanted: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    no_visit: bool = False
    closure: bool = False
    rain_plan: str = ""
    public: bool = False
    answers: Answers = ()
    placed_by: PlacedBy = ""


@dataclass(frozen=True, slots=True)
class Host:
    """Who holds the party; `phone` is E.164; empty text is 'none given'."""

    name: str
    phone: str
    email: str
    language: str
    sms_consent: bool

    @property
    def can_be_reached(self) -> bool:
        """Whether there is any contact."""
        return bool(self.phone or self.email)

    @property
    def mark(self) -> bytes:
        """What a link that was written to these contacts carries, to be known again by."""
        return sha256(f"{self.phone} {self.email.lower()}".encode()).digest()[:4]


@dataclass(frozen=True, slots=True)
class Details:
    """What was asked, checked against the city's rules.

    `closure`: the host asks for the street to be closed; `public`: the party may be shown to
    everybody, at the precision of its block. `beat` and `district` are derived from `place`.
    """

    name: str
    address: str
    location_notes: str
    place: Point | None
    area: str
    span: Span
    people: int
    children: int
    wanted: tuple[str, ...]
    no_visit: bool
    host: Host
    materials: tuple[str, ...] = ()
    closure: bool = False
    rain_plan: str = ""
    public: bool = False
    answers: Answers = ()
    beat: str = ""
    district: str = ""
    placed_by: PlacedBy = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """The words that a host agreed to, when, and from which network address."""

    wording: str
    given_at: datetime
    origin: str


@dataclass(frozen=True, slots=True)
class Party:
    """A party in the book; every change raises `revision` by one.

    `closure_state` is what became of the request to close the street; `waiting`: the city had as
    many visits to plan as it takes when the party came; `confirmed`: whether the host says that
    it is held; `link_version`: private links of another version open nothing any more; `held`: the
    sign for which it waits for staff to look at it, known to no other service, or ''.
    """

    id: str
    city: str
    code: str
    revision: int
    state: State
    details: Details
    consent: Consent | None
    received_at: datetime
    changed_at: datetime
    changed_by: Actor
    closure_state: Closure = ""
    waiting: bool = False
    confirmed: Confirmed = ""
    link_version: int = 0
    held: str = ""

    @property
    def is_withdrawn(self) -> bool:
        return self.state == "withdrawn"

    @property
    def wants_visit(self) -> bool:
        """Whether somebody should come, now or as soon as its turn comes."""
        return not (self.is_withdrawn or self.details.no_visit)


def as_asked(details: Details) -> Registration:
    """The registration that would be understood as `details`; what an amendment starts from."""
    place = details.place
    return Registration(
        name=details.name,
        address=details.address,
        starts_at=details.span.opens.isoformat(),
        ends_at=details.span.closes.isoformat(),
        host_name=details.host.name,
        phone=details.host.phone,
        email=details.host.email,
        language=details.host.language,
        sms_consent=details.host.sms_consent,
        location_notes=details.location_notes,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        area=details.area,
        people=details.people,
        children=details.children,
        wanted=details.wanted,
        materials=details.materials,
        no_visit=details.no_visit,
        closure=details.closure,
        rain_plan=details.rain_plan,
        public=details.public,
        answers=details.answers,
    )
