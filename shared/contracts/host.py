"""`host.replied`: what a host wrote back, understood as far as it can be. Said by notify."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields, validate

from shared.contracts.values import FactSchema, moment, words

MEANINGS = ("late", "moved", "done", "nobody", "when", "yes", "no", "other")
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class HostReplied:
    """The host of a party wrote `words` to us.

    `yes` and `no` answer the question whether the party is held and nothing else; `minutes` are
    those of a `late`, None where none were given. What no keyword says is `other`.
    """

    party_id: str
    reply_id: str
    meaning: str
    minutes: int | None
    words: str
    channel: str
    at: datetime


class HostRepliedSchema(FactSchema):
    """`HostReplied` as JSON."""

    makes = HostReplied
    party_id = words(36)
    reply_id = words(36)
    meaning = fields.String(required=True, validate=validate.OneOf(MEANINGS))
    minutes = fields.Integer(
        required=True, strict=True, allow_none=True, validate=validate.Range(1, 240)
    )
    words = words(MOST_WORDS)
    channel = fields.String(required=True, validate=validate.OneOf(("sms", "email")))
    at = moment()
