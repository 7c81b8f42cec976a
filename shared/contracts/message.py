"""`message.*`: what became of a message to a host. Said by notify."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields, validate

from shared.contracts.values import FactSchema, moment, words

CHANNELS = ("sms", "email")


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message was handed to a provider; `to` is masked, `template` names what was said."""

    message_id: str
    party_id: str
    template: str
    channel: str
    to: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """A message will not be sent; `reason` says why in words."""

    message_id: str
    party_id: str
    template: str
    channel: str
    reason: str
    failed_at: datetime


class _OfMessage(FactSchema):
    message_id = words(36)
    party_id = words(36)
    template = words(60)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


class MessageSentSchema(_OfMessage):
    """`MessageSent` as JSON."""

    makes = MessageSent
    to = words(320)
    sent_at = moment()


class MessageFailedSchema(_OfMessage):
    """`MessageFailed` as JSON."""

    makes = MessageFailed
    reason = words(1000)
    failed_at = moment()
