"""What dispatch's handlers need from the world. Adapters implement it; tests bring fakes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.dispatch.domain.actions import Action, Entry
from services.dispatch.domain.evening import City, Evening, Party, Place, Stop, Team
from services.dispatch.domain.night import NightNow, PartyNow, TeamNow
from services.dispatch.domain.order_log import Pin
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.policy import Policies
from services.dispatch.domain.problem import Draft, Hours, Matrix, Problem, TimedStop
from services.dispatch.domain.promise import Calibration, Promise
from services.dispatch.domain.proposal import Proposal
from services.dispatch.domain.replies import Reply
from services.dispatch.domain.revision import Revision
from services.dispatch.domain.roster.staffing import Staffed
from services.dispatch.domain.roster.values import Change, Roster
from services.dispatch.domain.spread import Duration


@dataclass(frozen=True, slots=True)
class Message:
    """What became of one message to a host; `fault` is empty where it was sent."""

    id: str
    party_id: str
    template: str
    channel: str
    fault: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardParty:
    """A party as a fact told of it; `correlation` is of the request behind the fact."""

    party: Party
    revision: int
    correlation: str


@dataclass(frozen=True, slots=True)
class Dirt:
    """A city's plan has been out of date `since` then; every further change raises `generation`."""

    since: datetime
    generation: int


class Ledger(Protocol):
    """What dispatch has heard; a lower revision never replaces a higher one."""

    def keep_city(self, city: City, teams: Sequence[Team], revision: int) -> bool:
        """Keep a city's settings and hear of its file's teams; whether they were news."""
        ...

    def keep_parties(self, city: str, heard: Sequence[HeardParty]) -> int:
        """Keep parties as they now are; how many were news."""
        ...

    def keep_messages(self, city: str, messages: Collection[Message]) -> int:
        """Keep what became of messages; how many were news."""
        ...


class Replies(Protocol):
    """What hosts wrote, and whether it acted or was seen."""

    def keep(self, city: str, reply: Reply, revision: int) -> bool:
        """Keep what is newer than what is known; whether it was."""
        ...

    def acted(self, city: str, reply: str, refusal: str) -> None:
        """It acted by itself, unless there is a refusal."""
        ...


class Rosters(Protocol):
    """Who and what there is in each city, with every change of it."""

    def read(self, city: str) -> tuple[City, Roster] | None:
        """The city and its roster; None while the city is unknown."""
        ...

    def hold(self, city: str) -> tuple[City, Roster] | None:
        """As `read`, and nobody else may change the roster until the transaction ends."""
        ...

    def keep(self, city: City, roster: Roster, change: Change) -> bool:
        """Store what `change` has led to; whether the teams that planning reads differ."""
        ...

    def changes(self, city: str, *, after: int = 0, most: int = 20) -> Sequence[Change]:
        """The changes after a version, the newest first."""
        ...

    def change(self, city: str, version: int) -> Change | None:
        """One change."""
        ...


class Staffing(Protocol):
    """Who is in which team, and what was said of it."""

    def now(self, city: str) -> tuple[Roster, Sequence[Team]]:
        """The roster, and the teams as they are tonight."""
        ...

    def said(self, city: str) -> Mapping[str, Staffed]:
        """What was last said, by team."""
        ...

    def keep(self, city: str, team: Staffed) -> int:
        """Remember what is said now; its revision."""
        ...


class DirtyCities(Protocol):
    """Which cities' plans are out of date."""

    def mark(self, city: str, now: datetime) -> None:
        """The city's plan is out of date from `now` on, unless it was already."""
        ...

    def read(self, city: str) -> Dirt | None:
        """The city's mark, if it has one."""
        ...

    def clear(self, city: str, generation: int) -> bool:
        """Take the mark away if nothing came since `generation`; whether it is gone."""
        ...

    def waiting(self) -> Sequence[str]:
        """Known cities whose plan is out of date."""
        ...


class Plans(Protocol):
    """The stored plans."""

    def evening(self, city: str) -> Evening | None:
        """Everything that the city's next plan depends on; None while the city is unknown."""
        ...

    def made_at(self, city: str) -> datetime | None:
        """When the plan that holds was made."""
        ...

    def keep(self, city: str, plan: Plan) -> None:
        """Store the plan as the one that holds."""
        ...

    def correlations(self, city: str, parties: Collection[str]) -> Mapping[str, str]:
        """The correlation ids of the requests that the parties' newest states came from."""
        ...


class Boards(Protocol):
    """The counter by which consoles notice that something they show has changed."""

    def changed(self, city: str, now: datetime, trouble: str | None = None) -> None:
        """Count a change; `trouble` sets (or with an empty text clears) the standing warning."""
        ...


class Decisions(Protocol):
    """What the city's planners settled."""

    def next_version(self, city: str) -> int:
        """The number of a new decision."""
        ...

    def settle(self, city: str, version: int, policies: Policies, by: str, at: datetime) -> None:
        """Let policies hold from now on."""
        ...


class Planner(Protocol):
    """Finds a feasible plan near the stored one."""

    def plan(self, problem: Problem) -> Draft:
        """A draft that visits as many parties as it can, loyal to stored routes; soon."""
        ...


class Improver(Protocol):
    """Makes better of a plan that holds already."""

    def improve(self, problem: Problem, superseded: Callable[[], bool]) -> Draft | None:
        """A draft that is clearly better than the stored routes and breaks no promise; or None.

        It ends early when `superseded` says that the problem is out of date.
        """
        ...


class Replanner(Protocol):
    """Re-plans what is left of a running evening."""

    def replan(
        self,
        problem: Problem,
        stored: Mapping[str, tuple[TimedStop, ...]],
        known: Collection[str],
        superseded: Callable[[], bool] | None = None,
    ) -> Revision | None:
        """A draft near the `stored` routes, some of them of teams that are gone; None if none.

        `known` are the parties that the stored plan had looked at. With `superseded` it thinks
        longer, until that says that the problem is out of date.
        """
        ...


@dataclass(frozen=True, slots=True)
class Times:
    """Driving seconds from each place (row) to each place; `note` warns where they are no good.

    `hours` hold the driving seconds of those times of the day that differ.
    """

    seconds: Matrix
    note: str = ""
    hours: tuple[Hours, ...] = ()


class TravelTimes(Protocol):
    """How long driving takes."""

    def times(self, places: Sequence[Place]) -> Times:
        """Seconds between all places; it always answers."""
        ...


class PlanningLock(Protocol):
    """Lets one planner at a time work on a city, in any process."""

    def hold(self, city: str) -> AbstractContextManager[bool]:
        """Whether it was free; if so it is held until the context ends."""
        ...


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
