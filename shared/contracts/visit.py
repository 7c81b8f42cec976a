"""`visit.*`: whether, when and by whom a party is visited, whole. Said by dispatch."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields, validate

from shared.contracts.values import (
    FactSchema,
    Moment,
    Number,
    Window,
    WindowSchema,
    moment,
    whole,
    words,
)


@dataclass(frozen=True, slots=True)
class VisitScheduled:
    """The party will be visited by the team within `window`, as of plan `plan_version`.

    `arrives_at` is the planned arrival (UTC); `window` is what may be told to the host.
    """

    party_id: str
    team_id: str
    team_name: str
    kinds: tuple[str, ...]
    arrives_at: datetime
    window: Window
    plan_version: int


class VisitScheduledSchema(FactSchema):
    """`VisitScheduled` as JSON."""

    makes = VisitScheduled
    tuples = ("kinds",)
    party_id = words(36)
    team_id = words(60)
    team_name = words()
    kinds = fields.List(words(40), required=True)
    arrives_at = moment()
    window = fields.Nested(WindowSchema, required=True)
    plan_version = whole(1)


@dataclass(frozen=True, slots=True)
class VisitUnscheduled:
    """As of plan `plan_version` nobody visits the party; `reason` is a code, `detail` words.

    `why` is what a dispatcher wrote of it, empty where none decided it.
    """

    party_id: str
    reason: str
    detail: str
    plan_version: int
    why: str = ""


class VisitUnscheduledSchema(FactSchema):
    """`VisitUnscheduled` as JSON."""

    makes = VisitUnscheduled
    party_id = words(36)
    reason = words(60)
    detail = words(1000)
    plan_version = whole(1)
    why = fields.String(load_default="", validate=validate.Length(max=1000))


@dataclass(frozen=True, slots=True)
class VisitRescheduled:
    """What the host was promised has changed while the evening runs, and why, in words.

    `number` counts the promises to this host; `before` is the window that no longer holds;
    `confidence` is how likely the arrival falls into `window`, 0 to 1.
    """

    party_id: str
    number: int
    team_id: str
    team_name: str
    kinds: tuple[str, ...]
    arrives_at: datetime
    window: Window
    before: Window
    confidence: float
    reason: str
    plan_version: int


class VisitRescheduledSchema(FactSchema):
    """`VisitRescheduled` as JSON."""

    makes = VisitRescheduled
    tuples = ("kinds",)
    party_id = words(36)
    number = whole(1)
    team_id = words(60)
    team_name = words()
    kinds = fields.List(words(40), required=True)
    arrives_at = moment()
    window = fields.Nested(WindowSchema, required=True)
    before = fields.Nested(WindowSchema, required=True)
    confidence = Number(required=True, validate=validate.Range(0, 1))
    reason = words(1000)
    plan_version = whole(1)


@dataclass(frozen=True, slots=True)
class VisitEnRoute:
    """The team is on its way to the party since `at` and about `minutes` away."""

    party_id: str
    team_id: str
    team_name: str
    minutes: int
    expected_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitArrived:
    """The team is at the party since `at`."""

    party_id: str
    team_id: str
    team_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitCompleted:
    """The team has been at the party and left at `at`; `arrived_at` is None if nobody said."""

    party_id: str
    team_id: str
    team_name: str
    arrived_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitSkipped:
    """The team leaves the party out, for a reason in words."""

    party_id: str
    team_id: str
    team_name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitInterrupted:
    """The team was on its way or there and no longer is; the visit is open again."""

    party_id: str
    team_id: str
    team_name: str
    at: datetime


class _ByTeam(FactSchema):
    party_id = words(36)
    team_id = words(60)
    team_name = words()
    at = moment()


class VisitEnRouteSchema(_ByTeam):
    """`VisitEnRoute` as JSON."""

    makes = VisitEnRoute
    minutes = whole(0, 600)
    expected_at = moment()


class VisitArrivedSchema(_ByTeam):
    """`VisitArrived` as JSON."""

    makes = VisitArrived


class VisitCompletedSchema(_ByTeam):
    """`VisitCompleted` as JSON."""

    makes = VisitCompleted
    arrived_at = Moment(required=True, format="iso", allow_none=True)


class VisitSkippedSchema(_ByTeam):
    """`VisitSkipped` as JSON."""

    makes = VisitSkipped
    reason = words(1000)


class VisitInterruptedSchema(_ByTeam):
    """`VisitInterrupted` as JSON."""

    makes = VisitInterrupted
