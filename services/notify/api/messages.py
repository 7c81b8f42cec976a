"""`GET /api/v1/messages` and `/api/v1/messages/{id}`. Only main uses it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from services.notify.adapters.reading import Reading, Wanted
from services.notify.domain.decisions import LANES
from services.notify.domain.messages import AUDIENCES, STATES
from services.notify.domain.values import CHANNELS, NOWHERE
from shared.actor import current_actor
from shared.failures import Refused
from shared.web import problem

MOST = 500


class WantedSchema(Schema):
    """The query of a list of messages."""

    class Meta:
        unknown = RAISE

    city = fields.String(validate=validate.Length(max=60))
    state = fields.String(validate=validate.OneOf(("", *STATES)))
    channel = fields.String(validate=validate.OneOf(("", *CHANNELS, NOWHERE)))
    party = fields.String(validate=validate.Length(max=60))
    template = fields.String(validate=validate.Length(max=60))
    team = fields.String(validate=validate.Length(max=60))
    area = fields.String(validate=validate.Length(max=60))
    audience = fields.String(validate=validate.OneOf(("", *AUDIENCES)))
    lane = fields.String(validate=validate.OneOf(("", *LANES)))
    text = fields.String(validate=validate.Length(max=100))
    before = fields.String(validate=validate.Length(max=36))
    limit = fields.Integer(validate=validate.Range(1, MOST))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Wanted:
        return Wanted(**data)


_SCHEMA = WantedSchema()


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """The query as `Wanted`, within the actor's cities; raises `Refused` with what is wrong."""
    try:
        found: Wanted = _SCHEMA.load({k: v.replace("\0", "") for k, v in query.items()})
    except ValidationError as error:
        raise Refused("Please check the query.", error.messages_dict) from error
    return replace(found, within=tuple(current_actor().cities))


def messages_api(reading: Reading) -> Blueprint:
    """The blueprint of the API."""
    api = Blueprint("messages_api", __name__, url_prefix="/api/v1")

    @api.get("/messages")
    def list_messages() -> Response:
        """The newest messages; `next` is the `before` of the following page, or null."""
        wanted = read_wanted(request.args)
        found = reading.messages(wanted)
        more = found[-1].id if len(found) == wanted.limit else None
        return jsonify(messages=found, counts=reading.counts(wanted), next=more)

    @api.get("/messages/<message_id>")
    def one_message(message_id: str) -> Response:
        message = reading.message(message_id)
        if message is None or not current_actor().reaches(message.city):
            return problem(404, "Not Found", "There is no such message.")
        return jsonify(message)

    return api
