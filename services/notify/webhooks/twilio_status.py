"""`POST /webhooks/twilio/status`: what became of a text, signed by Twilio. Only main uses it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from services.notify.adapters.twilio import NAME
from services.notify.adapters.twilio_codes import OPTED_OUT, is_permanent, said
from services.notify.adapters.twilio_signature import is_from_twilio
from services.notify.domain.receipts import Receipt
from services.notify.webhooks.guard import Guard
from shared.web import problem

Take = Callable[[Sequence[Receipt]], int]
_STATES = {"sent": "sent", "delivered": "delivered", "read": "delivered"}
_FAILED = ("failed", "undelivered", "canceled")


def twilio_status_webhook(
    tokens: Sequence[str], public_url: str, guard: Guard, take: Take
) -> Blueprint:
    """The blueprint; `public_url` is the address of notify as Twilio calls it."""
    hooks = Blueprint("twilio_status", __name__)

    @hooks.post("/webhooks/twilio/status")
    def status() -> Response:
        if refusal := guard.refusal():
            return refusal
        if not is_signed_by_twilio(tokens, public_url):
            return problem(403, "Forbidden", "Twilio did not sign this request.")
        receipt = _receipt()
        if receipt:
            take([receipt])
        return Response(status=204)

    return hooks


def is_signed_by_twilio(tokens: Sequence[str], public_url: str) -> bool:
    """Whether the present request, a form, was signed by Twilio with one of `tokens`."""
    called = request.full_path if request.query_string else request.path
    address = f"{public_url.rstrip('/')}{_raw(called)}"
    fields = list(request.form.items(multi=True))
    return is_from_twilio(request.headers.get("X-Twilio-Signature", ""), tokens, address, fields)


def _raw(called: str) -> str:
    """The path and query as they were sent."""
    target = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "")
    if not target:
        return called
    parts = urlsplit(target)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _receipt() -> Receipt | None:
    state = request.form.get("MessageStatus", "")
    ref, code = request.form.get("MessageSid", ""), _code()
    message_id = request.args.get("message", "")
    if state in _STATES:
        return Receipt(NAME, message_id, ref, _STATES[state])
    if state not in _FAILED:
        return None
    fate = "failed_permanent" if is_permanent(code) else "failed_temporary"
    words = said(code) if code else "the carrier did not deliver it"
    return Receipt(NAME, message_id, ref, fate, words, opted_out=code == OPTED_OUT)


def _code() -> int:
    text = request.form.get("ErrorCode", "")
    return int(text) if text.isdigit() else 0
