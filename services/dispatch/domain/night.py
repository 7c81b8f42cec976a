"""The live night's states: of the night, its teams, their visits, its parties. Pure and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.dispatch.domain.evening import Place, Window


class NightState(StrEnum):
    """Where the whole night stands."""

    PLANNED = "planned"
    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"


class TeamState(StrEnum):
    """What a team does. Of a call nothing is known but that the team is busy, and since when."""

    OFF = "off"
    READY = "ready"
    AT_KICK_OFF = "at_kick_off"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TO_CALL = "to_call"
    ON_BREAK = "on_break"
    ENDED = "ended"


class VisitState(StrEnum):
    """Where one team's visit to one party stands."""

    PLANNED = "planned"
    PROMISED = "promised"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


SETTLED = frozenset({VisitState.DONE, VisitState.SKIPPED})
MOVING = frozenset({TeamState.EN_ROUTE, TeamState.ON_SCENE})
RESTING = frozenset({TeamState.TO_CALL, TeamState.ON_BREAK})
AWAY = frozenset({TeamState.TO_CALL, TeamState.ENDED})
"""Teams to whom no visit can be given."""


@dataclass(frozen=True, slots=True)
class AreaOff:
    """An area whose visits were called off, why and when."""

    area: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NightNow:
    """The night as it is; with `held_areas` only those are held, without them the whole city.

    What is called off for an area stays so, whatever is held or resumed, until that is undone.
    """

    state: NightState = NightState.PLANNED
    reason: str = ""
    held_areas: tuple[str, ...] = ()
    opened_at: datetime | None = None
    held_at: datetime | None = None
    closed_at: datetime | None = None
    called_off: tuple[AreaOff, ...] = ()

    def off(self, area: str) -> AreaOff | None:
        """Why an area gets no more visits; None where it does."""
        return next((one for one in self.called_off if one.area == area), None)

    @property
    def running(self) -> bool:
        """Whether teams are out, be some of it held or not."""
        return self.state in (NightState.OPEN, NightState.HELD)

    @property
    def all_held(self) -> bool:
        """Whether nothing may be planned at present."""
        return self.state == NightState.HELD and not self.held_areas


@dataclass(frozen=True, slots=True)
class VisitNow:
    """What happened of a visit so far; a moment that nobody told of is None."""

    state: VisitState
    en_route_at: datetime | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BreakNow:
    """A break that a team takes, or has taken until `ended_at`."""

    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamNow:
    """A team as its actions have left it. `party` is where it is or drives to.

    `left_party` is where it was last, `free_at` when it left there, `late_until` what somebody
    said of its being late, `heard_at` the newest action.
    """

    state: TeamState = TeamState.OFF
    since: datetime | None = None
    party: str = ""
    left_party: str = ""
    free_at: datetime | None = None
    late_seconds: int = 0
    heard_at: datetime | None = None
    visits: Mapping[str, VisitNow] = field(default_factory=dict)
    breaks: tuple[BreakNow, ...] = ()

    @property
    def settled(self) -> frozenset[str]:
        """Parties that this team has visited or skipped."""
        return frozenset(p for p, visit in self.visits.items() if visit.state in SETTLED)


@dataclass(frozen=True, slots=True)
class PartyNow:
    """What was said tonight of a party, over what registration says of it."""

    walk_up: bool = False
    cancelled: bool = False
    reason: str = ""
    place: Place | None = None
    address: str = ""
    window: Window | None = None
