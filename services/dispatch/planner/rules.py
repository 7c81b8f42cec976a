"""What a planner decided by hand. Every rule is hard: no plan breaks one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PinTeam:
    """This visit is made, and by this team. Ranks above every visit that is not pinned."""

    visit: str
    team: str


@dataclass(frozen=True, slots=True)
class PinTime:
    """This visit is made, starting within [earliest, latest] seconds."""

    visit: str
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Forbid:
    """This visit is never made by this team; by nobody at all where team is None."""

    visit: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class LockOrder:
    """Those of these visits that are made are made by this team in this order.

    With `only` the team makes no other visit: a caravan with a fixed order.
    """

    team: str
    visits: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """If both visits are made, they start within this many seconds of each other."""

    first: str
    second: str
    within: int = 300


Rule = PinTeam | PinTime | Forbid | LockOrder | Together
