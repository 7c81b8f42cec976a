"""Ports: what is known and told, and the words for it. Adapters implement, handlers use them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.notify.domain.evening import Latest
from services.notify.domain.messages import Draft, Wording
from services.notify.domain.reminders import Ended, Slot
from services.notify.domain.saying import NOTHING_MORE, More
from services.notify.domain.values import (
    City,
    Party,
    Route,
    RouteStop,
    Span,
    Team,
    TeamMember,
    Told,
    Visit,
)


class Words(Protocol):
    """Puts news into words."""

    def compose(
        self,
        template: str,
        channel: str,
        city: City,
        party: Party,
        span: Span | None,
        minutes: int = 0,
        more: More = NOTHING_MORE,
    ) -> Wording:
        """The message's words in the host's language, or English where it is not had."""
        ...


@dataclass(frozen=True, slots=True)
class Welcome:
    """A party whose confirmation is to be decided, with all that the decision needs."""

    city: City
    party: Party
    told: Told | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A visit that has settled, what its host was told, and what waits to be told.

    `live` is the template of what the host has heard of the running evening since then.
    """

    city: City
    party: Party
    visit: Visit
    told: Told | None
    waiting: Told | None
    live: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A party with its city, and the window that its host expects a visit in, if any.

    `told` and `latest` are what the host last heard, or is about to hear, of the visit and of the
    running evening.
    """

    city: City
    party: Party
    span: Span | None
    told: Told | None = None
    latest: Latest | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """That one kind of news of a party was decided; `overtakes` what waits to be told of it.

    With `older_than` only what has a lower revision is overtaken.
    """

    city: str
    party_id: str
    news: str
    overtakes: bool
    older_than: int | None = None


@dataclass(frozen=True, slots=True)
class Unsaid:
    """That a host was not told, and why."""

    city: str
    party_id: str
    news: str
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """A party to whom something is to be said at its hour, with all that the decision needs.

    `said_date` is the date of the evening that its host was last told, if any.
    """

    city: City
    party: Party
    slot: Slot
    ended: Ended
    said_date: date | None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a team's visit: 'there', 'visited', 'skipped', or 'open' again."""

    city: str
    party_id: str
    team_id: str
    revision: int
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a team, and the stops that he or she was last told, None if none."""

    member: TeamMember
    told: tuple[RouteStop, ...] | None


@dataclass(frozen=True, slots=True)
class Crew:
    """A team with its settled route, whom to tell of it, and the parties it is done with."""

    city: City
    team: Team
    route: Route
    contacts: tuple[Contact, ...]
    done: frozenset[str]


class Forgetting(Protocol):
    """Removes personal data of parties, by groups of data."""

    def forget(
        self,
        city: str,
        left: Sequence[Party],
        groups: Mapping[str, frozenset[str]],
        ends: Mapping[str, datetime],
    ) -> None:
        """Keep what is left of them; what is nobody's goes along with their evenings."""
        ...


class Book(Protocol):
    """What notify knows and has told, within one transaction."""

    def keep_cities(self, cities: Sequence[City], now: datetime) -> None:
        """Store what is newer; where the date is another, telling the hosts becomes due."""
        ...

    def keep_parties(self, parties: Sequence[Party], now: datetime) -> None:
        """Store what is newer; messages not yet sent follow the host's new addresses."""
        ...

    def keep_visits(self, visits: Sequence[Visit], now: datetime) -> None:
        """Store what is newer and let it settle."""
        ...

    def keep_routes(self, routes: Sequence[Route], now: datetime) -> None:
        """Store what is newer and let it settle."""
        ...

    def keep_teams(self, teams: Sequence[Team], now: datetime) -> None:
        """Store what is newer; who is new in a team is to be told its route."""
        ...

    def take_welcomes(self, most: int) -> Sequence[Welcome]:
        """Parties of known cities that wait for a decision on their confirmation, locked."""
        ...

    def take_settled(self, now: datetime, most: int) -> Sequence[Settled]:
        """Visits that have settled, of known parties and cities; what waits for them is locked."""
        ...

    def find(self, city: str, parties: Collection[str]) -> Sequence[Known]:
        """Those of the parties that are known, with their city."""
        ...

    def expecting(self, city: str, at: datetime) -> Sequence[Known]:
        """Parties with a visit whose window has not passed at that moment."""
        ...

    def heard(self, city: str, parties: Collection[str], day: Span) -> Mapping[str, int]:
        """How many messages the hosts of these parties get on that day, where there are any."""
        ...

    def write(
        self,
        drafts: Sequence[Draft],
        unsaid: Sequence[Unsaid],
        decided: Sequence[Decided],
        now: datetime,
    ) -> None:
        """Record the decisions on what was taken."""
        ...


class Diary(Protocol):
    """What is to be said at its hour, and what became of the evening, within one transaction."""

    def cities(self) -> Sequence[City]:
        """Every city."""
        ...

    def make_slot(self, city: str, slot: Slot, now: datetime) -> None:
        """Make a row for every party known before the slot's hour, unless that was done before."""
        ...

    def take_due(self, now: datetime, most: int) -> Sequence[Due]:
        """Rows whose hour has come, locked."""
        ...

    def decided(self, dues: Sequence[Due], now: datetime) -> None:
        """Note that these rows were decided."""
        ...

    def call_off(self, city: str, at: datetime) -> None:
        """Note that the city's evening ends early."""
        ...


class Crews(Protocol):
    """Teams, their routes and what they were told of them, within one transaction."""

    def keep_done(self, done: Sequence[Done]) -> None:
        """Store what is newer of what became of visits."""
        ...

    def take_settled(self, now: datetime, most: int) -> Sequence[Crew]:
        """Teams whose route has settled and may be told by now, locked."""
        ...

    def crew(self, city: str, team_id: str) -> Crew | None:
        """A team as it now is, None where its people or its route are not known."""
        ...

    def told(self, crew: Crew, contacts: Collection[str], now: datetime) -> None:
        """Note that these contacts were told the route, and that it is decided."""
        ...
