"""`route.updated` and `plan.published`: a team's stops, and a plan's summary. Said by dispatch."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields

from shared.contracts.values import FactSchema, Place, PlaceSchema, moment, whole, words


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a route; times are UTC."""

    party_id: str
    code: str
    name: str
    address: str
    place: Place
    kinds: tuple[str, ...]
    arrives_at: datetime
    leaves_at: datetime


class StopSchema(FactSchema):
    """`Stop` as JSON."""

    makes = Stop
    tuples = ("kinds",)
    party_id = words(36)
    code = words(12)
    name = words()
    address = words(300)
    place = fields.Nested(PlaceSchema, required=True)
    kinds = fields.List(words(40), required=True)
    arrives_at = moment()
    leaves_at = moment()


@dataclass(frozen=True, slots=True)
class RouteUpdated:
    """The team's route is now this one, in order."""

    team_id: str
    team_name: str
    plan_version: int
    stops: tuple[Stop, ...]


class RouteUpdatedSchema(FactSchema):
    """`RouteUpdated` as JSON."""

    makes = RouteUpdated
    tuples = ("stops",)
    team_id = words(60)
    team_name = words()
    plan_version = whole(1)
    stops = fields.List(fields.Nested(StopSchema), required=True)


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """The city's plan `version` holds; counts of parties it visits and leaves out."""

    version: int
    parties: int
    visited: int
    unvisited: int
    teams: int
    published_at: datetime


class PlanPublishedSchema(FactSchema):
    """`PlanPublished` as JSON."""

    makes = PlanPublished
    version = whole(1)
    parties = whole(0)
    visited = whole(0)
    unvisited = whole(0)
    teams = whole(0)
    published_at = moment()
