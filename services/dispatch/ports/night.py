"""Ports of the running night: log, states, proposals, promises. Adapters implement them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.dispatch.domain.actions import Action, Entry
from services.dispatch.domain.evening import Party, Rests, Stop, Team
from services.dispatch.domain.night import NightNow, PartyNow, TeamNow
from services.dispatch.domain.order_log import Pin
from services.dispatch.domain.promise import Calibration, Promise
from services.dispatch.domain.proposal import Proposal
from services.dispatch.domain.spread import Duration


class AuditLog(Protocol):
    """Everything that was done in the night; nothing in it changes, only more comes."""

    def find(self, city: str, action: str) -> Entry | None:
        """What was taken down under this id."""
        ...

    def take_down(self, city: str, entry: Entry) -> Entry:
        """Write the entry; returns it with its number."""
        ...

    def mark_undone(self, city: str, action: str, by: str) -> None:
        """The action no longer counts, because of the action `by`."""
        ...

    def since(self, city: str, version: int, keys: Collection[str]) -> Sequence[Entry]:
        """What touched any of these things after the board's change `version`."""
        ...

    def later(self, city: str, number: int, keys: Collection[str]) -> Sequence[Entry]:
        """What touched any of these things after action `number` and still counts."""
        ...

    def of_night(self, city: str) -> Sequence[Action]:
        """What was done to the night as a whole and still counts."""
        ...

    def of_teams(self, city: str, teams: Collection[str]) -> Mapping[str, Sequence[Action]]:
        """What the teams did and still counts, refused ones included."""
        ...

    def of_party(self, city: str, party: str) -> Sequence[Action]:
        """What was said of a party and still counts."""
        ...

    def of_crews(self, city: str) -> Sequence[Action]:
        """Which teams were split or joined, as far as it still counts."""
        ...

    def of_orders(self, city: str) -> Sequence[Action]:
        """Which visits people have given to which teams, as far as it still counts."""
        ...


class Nights(Protocol):
    """The live night as its actions have left it."""

    def lock(self, city: str) -> int | None:
        """Wait for the city's turn; the board's newest change, None where there is no such city."""
        ...

    def night(self, city: str) -> NightNow:
        """The night."""
        ...

    def keep_night(self, city: str, night: NightNow) -> int:
        """Store the night; its revision."""
        ...

    def teams(self, city: str, only: Collection[str] = ()) -> Mapping[str, TeamNow]:
        """Every team that did anything, with its visits; `only` these, where any are given."""
        ...

    def keep_team(self, city: str, team: str, now: TeamNow, version: int) -> Mapping[str, int]:
        """Store a team; the new revisions of those of its visits that differ."""
        ...

    def parties(self, city: str) -> Mapping[str, PartyNow]:
        """What was said tonight of parties."""
        ...

    def keep_party(self, city: str, party: str, now: PartyNow, version: int) -> None:
        """Store what was said of a party."""
        ...

    def pins(self, city: str) -> Sequence[Pin]:
        """Which visits people have given to which teams."""
        ...

    def keep_pins(self, city: str, pins: Sequence[Pin]) -> None:
        """Store all of them anew."""
        ...


class NightBook(Protocol):
    """Single teams, routes and parties: what an action has to know of the plan."""

    def team(self, city: str, team: str) -> Team | None:
        """The team."""
        ...

    def teams(self, city: str) -> Sequence[Team]:
        """All teams of tonight."""
        ...

    def party(self, city: str, party: str) -> Party | None:
        """The party as it was registered or added."""
        ...

    def roster(self, city: str) -> Mapping[str, Team]:
        """The teams by id as the city set them up, whatever became of them tonight."""
        ...

    def keep_teams(self, city: str, teams: Collection[Team]) -> None:
        """Store all teams anew that differ from the roster tonight."""
        ...

    def routes(self, city: str, teams: Collection[str]) -> Mapping[str, tuple[Stop, ...]]:
        """The stored routes of the teams."""
        ...

    def rests(self, city: str, teams: Collection[str]) -> Mapping[str, Rests]:
        """The breaks that are planned on them."""
        ...

    def add_party(self, city: str, party: Party) -> None:
        """Take in a party that registration does not know."""
        ...


class Clocked(Protocol):
    """What the passing of time has to do with."""

    def look(self) -> tuple[datetime, Sequence[str], Sequence[tuple[str, str]]]:
        """The time, the cities whose evening runs, and city and id of overdue proposals."""
        ...


class AuditTrail(Protocol):
    """Reads the audit log for people."""

    def after(self, city: str, number: int, most: int) -> Sequence[Entry]:
        """The oldest entries after entry `number`."""
        ...

    def calibration(self, city: str) -> Calibration:
        """How often promises were kept, beside how often it was said that they would be."""
        ...


class Proposals(Protocol):
    """Re-plans that wait for an answer; one a city at most."""

    def waiting(self, city: str) -> Proposal | None:
        """The proposal that waits."""
        ...

    def keep(self, city: str, proposal: Proposal, state: str) -> None:
        """Store a proposal as `open`, in the place of the one that waited, or as settled."""
        ...

    def renew(self, city: str, proposal: Proposal) -> None:
        """Replace the one that waits by the same with newer times."""
        ...

    def settle(self, city: str, proposal: str, state: str, now: datetime) -> None:
        """It was applied, declined, or superseded by what came."""
        ...


class Promises(Protocol):
    """The windows told to hosts, each with its number, and what became of them."""

    def standing(self, city: str, parties: Collection[str]) -> Mapping[str, Promise]:
        """The newest promise of each party."""
        ...

    def add(self, city: str, promise: Promise) -> None:
        """A new promise."""
        ...

    def settle(self, city: str, promise: Promise) -> None:
        """What became of a promise, or that it is open again."""
        ...

    def all(self, city: str) -> Sequence[Promise]:
        """Every promise of the city, for its calibration."""
        ...


class Durations(Protocol):
    """How long driving and staying was planned to take, and took."""

    def plan(self, city: str, team: str, party: str, kind: str, planned: int) -> None:
        """Note what was planned, as a drive or a stay begins; a later plan of it is passed over."""
        ...

    def took(self, city: str, team: str, party: str, kind: str, actual: int | None) -> None:
        """Note what it took; None where that turns out not to be known."""
        ...

    def all(self, city: str) -> Sequence[Duration]:
        """All that are known whole."""
        ...
