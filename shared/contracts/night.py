"""`night.*`: the evening itself is opened, held, resumed or closed. Said by dispatch."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields

from shared.contracts.values import FactSchema, moment, truth, words


@dataclass(frozen=True, slots=True)
class NightOpened:
    """The teams are on their way; visits are made from now on."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NightHeld:
    """Visits are held in these areas, without any in the whole city, for a reason in words."""

    areas: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NightResumed:
    """Visits go on, but for those in the areas that stay held."""

    still_held: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class NightClosed:
    """There are no more visits; with `called_off` the evening ends early, for a reason in words."""

    called_off: bool
    reason: str
    at: datetime


class NightOpenedSchema(FactSchema):
    """`NightOpened` as JSON."""

    makes = NightOpened
    at = moment()


class NightHeldSchema(FactSchema):
    """`NightHeld` as JSON."""

    makes = NightHeld
    tuples = ("areas",)
    areas = fields.List(words(60), required=True)
    reason = words(1000)
    at = moment()


class NightResumedSchema(FactSchema):
    """`NightResumed` as JSON."""

    makes = NightResumed
    tuples = ("still_held",)
    still_held = fields.List(words(60), required=True)
    at = moment()


class NightClosedSchema(FactSchema):
    """`NightClosed` as JSON."""

    makes = NightClosed
    called_off = truth()
    reason = words(1000)
    at = moment()
