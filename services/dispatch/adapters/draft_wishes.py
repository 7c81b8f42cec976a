"""How a draft is asked for, as JSON or a form, with a sentence for each wrong field. For edges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.dispatch.adapters.policy_document import flattened
from services.dispatch.domain.drafts import DraftWish
from shared.failures import Refused

PRESENT = "current"
"""The name under which the plan that holds is compared with drafts."""

NAME = r"[^/\\\x00-\x1f?#%]{1,60}"


class WishSchema(Schema):
    """A draft as it is asked for."""

    name = fields.String(
        required=True,
        validate=[
            validate.Regexp(f"^{NAME}$", error="A name of up to 60 characters, without / ? # %."),
            validate.NoneOf([PRESENT], error="That is the name of the plan that holds."),
        ],
    )
    seconds = fields.Float(
        load_default=20.0, validate=validate.Range(0.1, 300, error="Seconds from 0.1 to 300.")
    )
    iterations = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 50_000_000, error="From 1 to 50 million iterations."),
    )
    seed = fields.Integer(
        load_default=1, validate=validate.Range(0, 2**31, error="A number from 0 to 2147483648.")
    )
    changes = fields.Integer(
        load_default=0, allow_none=True, validate=validate.Range(0, error="Zero or more, or null.")
    )
    start = fields.String(load_default="")
    policies = fields.Dict(load_default=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft's name, how to make it, and what it changes of the city's policies."""

    name: str
    wish: DraftWish
    policies: Mapping[str, Any]


def read_wish(document: object) -> Asked:
    """What is asked for; raises `Refused` with each field's fault."""
    if not isinstance(document, Mapping):
        raise Refused("A draft is an object with a name.")
    try:
        given = WishSchema(unknown=RAISE).load(document)
    except ValidationError as fault:
        raise Refused(
            "This draft cannot be made; see the fields.", flattened(fault.messages_dict)
        ) from fault
    name, policies = given.pop("name").strip(), given.pop("policies")
    return Asked(name, DraftWish(**given), policies)
