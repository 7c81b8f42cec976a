"""What people do in the night, as kinds with their scope and what each needs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.dispatch.domain.evening import Place, Window
from services.dispatch.domain.night import NightNow

AHEAD = timedelta(hours=12)
"""So long before it was received an action may have happened where the night is not open."""


class Kind(StrEnum):
    """Everything that may be done."""

    OPEN_NIGHT = "open_night"
    HOLD_NIGHT = "hold_night"
    RESUME_NIGHT = "resume_night"
    CALL_OFF_AREA = "call_off_area"
    CLOSE_NIGHT = "close_night"
    CHECK_IN = "check_in"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    LEFT = "left"
    SKIP = "skip"
    TO_CALL = "to_call"
    BACK_FROM_CALL = "back_from_call"
    BREAK_START = "break_start"
    BREAK_END = "break_end"
    END_SHIFT = "end_shift"
    TEAM_LATE = "team_late"
    PARTY_LATE = "party_late"
    PARTY_MOVED = "party_moved"
    PARTY_ENDED_EARLY = "party_ended_early"
    PARTY_CANCELLED = "party_cancelled"
    ADD_PARTY = "add_party"
    PIN_VISIT = "pin_visit"
    UNPIN_VISIT = "unpin_visit"
    MOVE_VISIT = "move_visit"
    SWAP_VISITS = "swap_visits"
    SPLIT_TEAM = "split_team"
    JOIN_TEAMS = "join_teams"
    BROADCAST = "broadcast"
    UNDO = "undo"
    PLAN_APPLIED = "plan_applied"
    DECLINED = "proposal_declined"


RANK: Mapping[Kind, int] = {kind: number for number, kind in enumerate(Kind)}
"""The natural order of what is said to have happened at one moment: one arrives, then leaves."""

OF_NIGHT = frozenset(
    {
        *(Kind.OPEN_NIGHT, Kind.HOLD_NIGHT, Kind.RESUME_NIGHT, Kind.CLOSE_NIGHT),
        Kind.CALL_OFF_AREA,
    }
)
OF_TEAM = frozenset(
    {
        *(Kind.CHECK_IN, Kind.EN_ROUTE, Kind.ARRIVED, Kind.LEFT, Kind.SKIP, Kind.TO_CALL),
        *(Kind.BACK_FROM_CALL, Kind.BREAK_START, Kind.BREAK_END, Kind.END_SHIFT, Kind.TEAM_LATE),
    }
)
OF_PARTY = frozenset(
    {
        *(Kind.PARTY_LATE, Kind.PARTY_MOVED, Kind.PARTY_ENDED_EARLY, Kind.PARTY_CANCELLED),
        Kind.ADD_PARTY,
    }
)
OF_ORDER = frozenset({Kind.PIN_VISIT, Kind.UNPIN_VISIT, Kind.MOVE_VISIT, Kind.SWAP_VISITS})
OF_CREW = frozenset({Kind.SPLIT_TEAM, Kind.JOIN_TEAMS})
NOT_TAKEN = frozenset({Kind.PLAN_APPLIED, Kind.DECLINED, Kind.UNDO})
"""Kinds that only follow from something else."""
TAPPED = OF_TEAM | {Kind.PARTY_LATE, Kind.PARTY_ENDED_EARLY, Kind.PARTY_CANCELLED}
"""What a team may say from its telephone."""
CHANGES_PLANS = OF_NIGHT | OF_TEAM | OF_PARTY | OF_ORDER | OF_CREW


@dataclass(frozen=True, slots=True)
class Details:
    """What some kinds carry; each reads what it needs and nothing else."""

    reason: str = ""
    words: str = ""
    minutes: int = 0
    areas: tuple[str, ...] = ()
    other: str = ""
    other_team: str = ""
    position: int | None = None
    other_position: int | None = None
    place: Place | None = None
    address: str = ""
    name: str = ""
    host_name: str = ""
    notes: str = ""
    people: int = 0
    children: int = 0
    wanted: tuple[str, ...] = ()
    window: Window | None = None
    members: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, and from where: console, phone, api or planner."""

    id: str = ""
    name: str = ""
    source: str = "console"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that somebody did. `at` is when it happened, `told_at` when a clock said it did.

    `number` orders actions by when they were taken down; 0 while it is not.
    """

    id: str
    kind: Kind
    at: datetime
    received_at: datetime
    team: str = ""
    party: str = ""
    details: Details = field(default_factory=Details)
    by: By = field(default_factory=By)
    told_at: datetime | None = None
    number: int = 0

    @property
    def clamped(self) -> bool:
        """Whether the clock that said when was wrong."""
        return self.told_at is not None and self.told_at != self.at

    @property
    def order(self) -> tuple[datetime, datetime, int, str]:
        """Sorts actions as they happened; what happened at one moment sorts the same each time."""
        return (self.at, self.told_at or self.at, RANK[self.kind], self.id)


@dataclass(frozen=True, slots=True)
class Change:
    """How one thing stood before and after, in words; `key` names it: `team:t1`, `night`."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as taken down: what it touched and changed, or why it had no effect.

    `version` is the board's change with which it came; `undone_by` is the action that undid it.
    """

    action: Action
    applied: bool = True
    refusal: str = ""
    touched: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    version: int = 0
    undoes: str = ""
    undone_by: str = ""


MINUTES: Mapping[Kind, int] = {Kind.PARTY_LATE: 240, Kind.TEAM_LATE: 240}
"""Kinds that need so many minutes at the most."""


def clamp(at: datetime | None, night: NightNow, received_at: datetime) -> datetime:
    """When it happened, within what is possible: a clock may be wrong."""
    least = night.opened_at or received_at - AHEAD
    return min(max(at or received_at, least), received_at)


def complaints(kind: Kind, team: str, party: str, details: Details) -> dict[str, list[str]]:
    """What is missing for an action of the kind, field by field."""
    wrong: dict[str, list[str]] = {}
    needs_team = kind in OF_TEAM | OF_CREW | {Kind.PIN_VISIT, Kind.MOVE_VISIT}
    needs_party = kind in OF_PARTY | OF_ORDER
    if needs_team and not team:
        wrong["team"] = ["Say which team."]
    if (needs_party or kind == Kind.SKIP) and not party:
        wrong["party"] = ["Say which party."]
    if kind in MINUTES and not 0 < details.minutes <= MINUTES[kind]:
        wrong["minutes"] = [f"Give minutes from 1 to {MINUTES[kind]}."]
    if kind in {Kind.PARTY_MOVED, Kind.ADD_PARTY} and details.place is None:
        wrong["place"] = ["Give the place: lat and lon."]
    if kind == Kind.CALL_OFF_AREA and not details.areas:
        wrong["areas"] = ["Say which areas."]
    if kind == Kind.CLOSE_NIGHT and details.areas:
        wrong["areas"] = ["Only the whole night is closed. An area is called off."]
    if kind in {Kind.SKIP, Kind.PARTY_CANCELLED, Kind.CALL_OFF_AREA} and not details.reason:
        wrong["reason"] = ["Say why."]
    if kind in {Kind.SWAP_VISITS, Kind.JOIN_TEAMS} and not details.other:
        wrong["other"] = ["Say with which other one."]
    if kind == Kind.BROADCAST and not details.words:
        wrong["words"] = ["Write what the teams should read."]
    return wrong
