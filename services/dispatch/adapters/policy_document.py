"""Policies to and from JSON, with a sentence for each field that is wrong. For stores and edges."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, validate

from services.dispatch.domain.policy import Caravan, Lottery, Policies
from shared.failures import Refused

NAME = validate.Length(1, 60)
UNREADABLE = "These policies cannot be used; see the fields."


def _share() -> fields.Float:
    return fields.Float(validate=validate.Range(0, 0.9, error="A share from 0 to 0.9."))


def _points() -> fields.Float:
    return fields.Float(validate=validate.Range(0, 1000, error="Points from 0 to 1000."))


def _whole(least: int, most: int, **more: Any) -> fields.Integer:
    said = f"A whole number from {least} to {most}."
    return fields.Integer(strict=True, validate=validate.Range(least, most, error=said), **more)


class LotterySchema(Schema):
    """`Lottery`; without `drawn_at` it is drawn when it is stored."""

    guaranteed = _whole(1, 10_000, required=True)
    seed = _whole(0, 2**31, required=True)
    drawn_at = fields.AwareDateTime(load_default=None, allow_none=True)


class CaravanSchema(Schema):
    """`Caravan`."""

    team = fields.String(required=True, validate=NAME)
    parties = fields.List(
        fields.String(validate=NAME),
        required=True,
        validate=validate.Length(1, 500, error="From 1 to 500 parties, in their order."),
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Caravan:
        """The frozen value."""
        return Caravan(data["team"], tuple(data["parties"]))


def _areas() -> fields.Dict:
    """Area names by team."""
    names = fields.List(fields.String(validate=validate.Length(0, 200)), required=True)
    return fields.Dict(keys=fields.String(validate=NAME), values=names)


class PolicySchema(Schema):
    """`Policies`, every field optional."""

    first_come_first_served = _share()
    new_or_absent_factor = fields.Float(
        validate=validate.Range(1, 10, error="A factor from 1 to 10.")
    )
    absent_years = _whole(1, 100)
    first_visit_bonus = _points()
    equity_points = _points()
    lottery = fields.Nested(LotterySchema, allow_none=True)
    cap = _whole(0, 100_000, allow_none=True)
    caravans = fields.List(fields.Nested(CaravanSchema))
    beats = _areas()
    stay_in = _areas()
    stay_in_points = _points()
    language_points = _points()
    most_stops = fields.Dict(keys=fields.String(validate=NAME), values=_whole(0, 500))
    stability = fields.String(validate=validate.OneOf(("fixed", "strong", "soft")))
    apply_without_asking = fields.String(
        validate=validate.OneOf(("no_promise_changes", "never", "always"))
    )
    applies_by_itself_after_minutes = _whole(1, 240, allow_none=True)
    tell_not_coming_minutes_before = _whole(0, 240)
    window_confidence = fields.Float(
        validate=validate.Range(0.5, 0.99, error="A confidence from 0.5 to 0.99.")
    )


def read_policies(
    document: object, before: Policies, now: datetime, *, whole: bool = False
) -> Policies:
    """The policies with what the document changes; raises `Refused` with each field's fault.

    A `whole` document sets back what it leaves out. A lottery that keeps its seed is not drawn
    anew: whoever registered since is not in it.
    """
    if not isinstance(document, Mapping):
        raise Refused("Policies are an object with a field for each policy.")
    try:
        found = PolicySchema(unknown=RAISE).load(document)
    except ValidationError as fault:
        raise Refused(UNREADABLE, flattened(fault.messages_dict)) from fault
    drawn = before.lottery
    again = drawn and found.get("lottery") and drawn.seed == found["lottery"]["seed"]
    base = Policies() if whole else before
    return _made({**policy_fields(base), **found}, drawn.drawn_at if drawn and again else now)


def stored_policies(document: Mapping[str, Any]) -> Policies:
    """Policies as they were stored; a field that is no longer known is passed over."""
    found = PolicySchema(unknown=EXCLUDE).load(document)
    return _made({**policy_fields(Policies()), **found}, None)


def policy_json(policies: Policies) -> dict[str, Any]:
    """Policies as JSON."""
    document = asdict(policies)
    if policies.lottery:
        document["lottery"]["drawn_at"] = policies.lottery.drawn_at.isoformat()
    return document


def policy_fields(policies: Policies) -> dict[str, Any]:
    """The fields with their frozen values."""
    return {name: getattr(policies, name) for name in PolicySchema._declared_fields}


def flattened(messages: Mapping[Any, Any], before: str = "") -> dict[str, list[str]]:
    """Nested messages by dotted field name."""
    found: dict[str, list[str]] = {}
    for key, value in messages.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            found |= flattened(value, f"{name}.")
        else:
            found[name] = [str(word) for word in value]
    return found


def _made(given: dict[str, Any], now: datetime | None) -> Policies:
    lottery = given["lottery"]
    if isinstance(lottery, Mapping):
        drawn_at = lottery["drawn_at"] or now
        given["lottery"] = (
            Lottery(lottery["guaranteed"], lottery["seed"], drawn_at) if drawn_at else None
        )
    for name in ("beats", "stay_in"):
        given[name] = {team: tuple(areas) for team, areas in given[name].items()}
    given["caravans"] = tuple(given["caravans"])
    return Policies(**given)
