"""What notify's handlers need of the world. Handlers and main depend on it, adapters fulfil it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.notify.domain.evening import Latest
from services.notify.domain.health import Choice
from services.notify.domain.messages import VISITS, Claimant, Claimed, Draft, Fate, Wording
from services.notify.domain.outcomes import Outcome
from services.notify.domain.pace import Pace
from services.notify.domain.receipts import Receipt
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
from shared.ports import Publisher


@dataclass(frozen=True, slots=True)
class Text:
    """A text message on its way; after `until` it is not to arrive any more.

    `sender` is which of the provider's numbers writes, empty where there is no choice.
    """

    id: str
    to: str
    body: str
    sender: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail on its way; `html` is empty where it has none.

    `purpose` is what its reader may want no more of, from this `city`.
    """

    id: str
    to: str
    sender_name: str
    subject: str
    body: str
    html: str
    purpose: str = VISITS
    city: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A message of which nobody recorded whether the provider has it; `since` it might."""

    id: str
    to: str
    body: str
    since: datetime


class SmsSender(Protocol):
    """Takes text messages. One answer for each, in order; raises only when it is broken."""

    @property
    def name(self) -> str:
        """The provider's name, kept with every message."""
        ...

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        """Hand the texts over; the same id again is the same text."""
        ...

    def known(self, sought: Sequence[Sought], /) -> Mapping[str, Outcome] | None:
        """Whether it has them; what is missing is to be asked again. None: it cannot be asked."""
        ...


class EmailSender(Protocol):
    """Takes e-mail. One answer for each, in order; raises only when it is broken."""

    @property
    def name(self) -> str:
        """The provider's name, kept with every message."""
        ...

    def send_letters(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        """Hand the letters over; the same id again is the same letter."""
        ...

    def known(self, sought: Sequence[Sought], /) -> Mapping[str, Outcome] | None:
        """Whether it has them; what is missing is to be asked again. None: it cannot be asked."""
        ...


class Sandbox(SmsSender, EmailSender, Protocol):
    """Takes both, and keeps them to itself."""


@dataclass(frozen=True, slots=True)
class Senders:
    """The providers of each channel, first choice first; `outbox` takes what is kept back."""

    sms: SmsSender
    email: EmailSender
    more_sms: tuple[SmsSender, ...] = ()
    more_email: tuple[EmailSender, ...] = ()
    outbox: Sandbox | None = None

    def names(self) -> Mapping[str, str]:
        """Channel -> the name of the provider of first choice."""
        return {"sms": self.sms.name, "email": self.email.name}

    def of_sms(self) -> Mapping[str, SmsSender]:
        """Name -> provider of texts, in order, and last the outbox."""
        return {s.name: s for s in (self.sms, *self.more_sms, *self._outbox())}

    def of_email(self) -> Mapping[str, EmailSender]:
        """Name -> provider of e-mail, in order, and last the outbox."""
        return {s.name: s for s in (self.email, *self.more_email, *self._outbox())}

    def choices(self, channel: str) -> Sequence[str]:
        """The names of the providers that the channel's messages may be given to, in order."""
        if channel == "sms":
            return [s.name for s in (self.sms, *self.more_sms)]
        return [s.name for s in (self.email, *self.more_email)]

    def _outbox(self) -> tuple["Sandbox", ...]:
        return (self.outbox,) if self.outbox else ()


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


@dataclass(frozen=True, slots=True)
class Call:
    """A host whom no channel reached, and with what."""

    id: str
    city: str
    party_id: str
    message_id: str
    template: str
    reason: str


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


class Desk(Protocol):
    """Messages on their way, within one transaction."""

    def claim(
        self,
        lane: str,
        who: Claimant,
        providers: Mapping[str, str],
        now: datetime,
        most: int,
        paces: Sequence[Pace] = (),
    ) -> Sequence[Claimed]:
        """Due messages of the lane, now marked as being sent by `who`.

        Of a city on trial what goes to strangers is for the outbox. A provider with a pace gets
        no more than it takes, and bulk leaves it free for what is urgent.
        """
        ...

    def refuse_opted_out(self, lane: str, now: datetime) -> Sequence[Claimed]:
        """Hold back what is due in the lane for who opted out of it; returns that."""
        ...

    def drop_overtaken(self, now: datetime) -> None:
        """Hold back what became due again after newer news had been written."""
        ...

    def expire(self, now: datetime, most: int) -> Sequence[Claimed]:
        """Messages that can no longer arrive in time, now expired."""
        ...

    def stranded(self, who: Claimant, since: datetime, most: int) -> Sequence[Claimed]:
        """Messages claimed before `since`, or by an earlier life of `who`, locked."""
        ...

    def unsure(self, askable: Sequence[str], now: datetime, most: int) -> Sequence[Claimed]:
        """Messages of which `askable` providers may know more, and were not asked lately."""
        ...

    def settle(self, fates: Sequence[Fate], now: datetime) -> frozenset[str]:
        """Record what became of messages being sent; returns the ids that were still open."""
        ...

    def waiting(self, now: datetime) -> Sequence[str]:
        """The lanes that have something due."""
        ...

    def release(self, failed: Collection[str], now: datetime) -> frozenset[str]:
        """Let those be sent that were in reserve for these; returns those that had one."""
        ...

    def release_all(self, now: datetime) -> int:
        """Let be sent whatever is in reserve for what failed for good or was opted out of."""
        ...

    def ask_for_calls(self, calls: Sequence[Call], now: datetime) -> None:
        """Put the hosts on the list of those to be called."""
        ...

    def opt_out(self, message: Claimed, words: str, now: datetime) -> None:
        """Note that whom it was for wants nothing more from this address, unless it is noted."""
        ...

    def receive(self, receipt: Receipt) -> tuple[Claimed, str, str] | None:
        """The message that the receipt is of, locked, with its state and the provider's name."""
        ...

    def mark(self, message: Claimed, receipt: Receipt, now: datetime) -> None:
        """Record what the receipt says."""
        ...


@dataclass(frozen=True, slots=True)
class Shift:
    """One transaction in which messages are handled."""

    desk: Desk
    publisher: Publisher
    now: datetime


class Watch(Protocol):
    """Notices which providers are well; used from many threads."""

    def choose(self, names: Sequence[str]) -> Choice:
        """Which of the providers takes the next messages."""
        ...

    def tell(self, provider: str, outcomes: Sequence[Outcome], seconds: float) -> None:
        """What it answered to one batch, in order, and how long that took."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that handing over needs."""

    open: Callable[[], AbstractContextManager[Shift]]
    senders: Senders
    claimant: Claimant
    watch: Watch
    paces: tuple[Pace, ...] = ()
