"""Lets staff try out what a host's answer does, while texts reach nobody. Only main uses it.

A form on a message's page and `POST /api/v1/cities/{city}/inbound`. Both go the way that a real
text goes; where the city is live and texts really go out, nobody may write in a host's name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.pretending import is_pretence_allowed, phone_of
from services.notify.adapters.reading import Reading
from services.notify.adapters.sandbox import NAME
from services.notify.domain.inbound import Incoming
from services.notify.domain.values import SMS
from services.notify.handlers.answering import Taken
from services.notify.pages.answers import done, field, not_done, page
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.failures import Refused
from shared.ids import new_id
from shared.web import problem

NOT_HERE = "This city is live: only hosts themselves can write in their name."
_TO = "+10000000000"


class WrittenSchema(Schema):
    """A text in a host's name: whose party, or which number."""

    class Meta:
        unknown = RAISE

    id = fields.UUID()
    party = fields.String(validate=validate.Length(max=60))
    sender = fields.String(
        data_key="from", validate=validate.Regexp(r"\+\d{7,15}$", error="Give a number like +1….")
    )
    body = fields.String(required=True, validate=validate.Length(max=20_000))


_SCHEMA = WrittenSchema()


@dataclass(frozen=True, slots=True)
class Pretence:
    """Takes in a text as if a host had written it."""

    pool: Pool
    clock: Clock
    reading: Reading
    take: Callable[[Incoming], Taken | None]

    def write(self, city: str, sender: str, body: str, ref: str) -> Taken | None:
        """Write; raises `Refused` in a city that is live."""
        with self.pool.connection() as conn:
            if not is_pretence_allowed(conn, city, SMS in self.reading.sandboxed()):
                raise Refused(NOT_HERE, {"body": [NOT_HERE]})
            record(conn, "text written as a host", f"sms {ref}", city=city)
        now = self.clock.now()
        return self.take(Incoming(NAME, ref, SMS, sender, _TO, body.replace("\0", ""), now))


def as_host_pages(pretence: Pretence) -> Blueprint:
    """The blueprint of form and API."""
    pages = Blueprint("as_host", __name__, template_folder="templates")

    @pages.post("/messages/<message_id>/as-host")
    def write(message_id: str) -> AnyResponse:
        message = pretence.reading.message(message_id)
        if message is None or not current_actor().reaches(message.city):
            return page("missing.html", 404)
        where = url_for("outbox.message", message_id=message_id)
        sender = pretence.reading.address(message_id)
        try:
            pretence.write(message.city, sender, field("words"), new_id())
        except Refused as refused:
            return not_done(str(refused), where)
        return done("Written. What follows stands on the outbox page and in the inbox.", where)

    @pages.post("/api/v1/cities/<city>/inbound")
    def api(city: str) -> Response:
        given = _read(request.get_json(silent=True))
        sender = given.get("sender") or phone_of(pretence.pool, city, given.get("party", ""))
        if not sender:
            why = "Name a party with a telephone number, or a number in `from`."
            raise Refused("Please check the fields.", {"party": [why]})
        ref = str(given.get("id") or new_id())
        taken = pretence.write(city, sender, given["body"], ref)
        if taken is None:
            return jsonify(id=ref, already=True)
        verdict = taken.verdict
        words = {"meaning": verdict.meaning, "state": verdict.state, "reply": verdict.reply}
        return jsonify(id=ref, already=False, text=taken.id, **words)

    @pages.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return problem(422, "Unprocessable Content", str(error), error.fields)

    return pages


def _read(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Refused("Send a JSON object.", {"body": ["Send a JSON object."]})
    try:
        loaded: dict[str, Any] = _SCHEMA.load(body)
    except ValidationError as error:
        raise Refused("Please check the fields.", error.messages_dict) from error
    return loaded
