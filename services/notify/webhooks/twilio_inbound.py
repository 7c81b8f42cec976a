"""`POST /webhooks/twilio/inbound`: what people write to us, signed by Twilio. Only main uses it.

The answer is always an empty instruction: what we say goes out as our own message, so that
it is kept, checked against the ledger and never said twice.
"""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from services.notify.domain.inbound import Incoming
from services.notify.domain.values import SMS
from services.notify.handlers.answering import Taken
from services.notify.webhooks.guard import Guard
from services.notify.webhooks.twilio_status import is_signed_by_twilio
from shared.clock import Clock
from shared.logs import log
from shared.web import problem

NAME = "twilio"
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_LONGEST_ADDRESS = 100

Take = Callable[[Incoming], Taken | None]


def twilio_inbound_webhook(
    tokens: Sequence[str], public_url: str, guard: Guard, take: Take, clock: Clock
) -> Blueprint:
    """The blueprint; `public_url` is the address of notify as Twilio calls it."""
    hooks = Blueprint("twilio_inbound", __name__)

    @hooks.post("/webhooks/twilio/inbound")
    def written() -> Response:
        if refusal := guard.refusal():
            return refusal
        if not is_signed_by_twilio(tokens, public_url):
            return problem(403, "Forbidden", "Twilio did not sign this request.")
        missing = {name: ["is missing"] for name in ("MessageSid", "From") if not _field(name)}
        if missing:
            return problem(422, "Unprocessable Content", "This is no text message.", missing)
        taken = take(_incoming(clock))
        if taken:
            verdict = taken.verdict
            log().info("text taken in", text=taken.id, meaning=verdict.meaning, state=verdict.state)
        return Response(NOTHING, mimetype="text/xml")

    return hooks


def _incoming(clock: Clock) -> Incoming:
    return Incoming(
        provider=NAME,
        ref=_field("MessageSid"),
        channel=SMS,
        sender=_field("From"),
        to=_field("To"),
        body=_words(),
        at=clock.now(),
        answered=_field("OptOutType").upper() in ("STOP", "START", "HELP"),
    )


def _words() -> str:
    """What was written; pictures are not kept, but staff should know that there were some."""
    body = request.form.get("Body", "").replace("\0", "")
    pictures = _field("NumMedia")
    if pictures.isdecimal() and int(pictures[:3]) > 0:
        noted = "[1 picture]" if pictures == "1" else f"[{pictures[:3]} pictures]"
        return f"{body}\n{noted}" if body else noted
    return body


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()[:_LONGEST_ADDRESS]
