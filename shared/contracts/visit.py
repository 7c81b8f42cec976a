"""`visit.*`: whether, when and by whom a party is visited, whole. Said by dispatch."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields

from shared.contracts.values import FactSchema, Window, WindowSchema, moment, whole, words


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
    """As of plan `plan_version` nobody visits the party; `reason` is a code, `detail` words."""

    party_id: str
    reason: str
    detail: str
    plan_version: int


class VisitUnscheduledSchema(FactSchema):
    """`VisitUnscheduled` as JSON."""

    makes = VisitUnscheduled
    party_id = words(36)
    reason = words(60)
    detail = words(1000)
    plan_version = whole(1)
