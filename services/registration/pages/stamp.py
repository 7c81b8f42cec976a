"""The signed time at which a form was opened, and its trap. Only the pages use it."""

import time

from flask import current_app, request
from itsdangerous import BadSignature, TimestampSigner

from services.registration.domain.suspicion import FormSigns

TRAP, OPENED = ("more_words", "opened")
_SALT = "porchlight-form-opened"
_WORD = "form"


def opened() -> str:
    """When the form was opened; sent anew, it keeps the time that it had."""
    sent = request.form.get(OPENED, "")
    return sent if seconds_since(sent) is not None else _signer().sign(_WORD).decode()


def seconds_since(text: str) -> float | None:
    """How long ago a stamp of ours was made; None for any other text."""
    try:
        _, at = _signer().unsign(text, return_timestamp=True)
    except (BadSignature, ValueError):
        return None
    return time.time() - at.timestamp()


def signs() -> FormSigns:
    """How the form of this request came in."""
    return FormSigns(request.form.get(TRAP, ""), seconds_since(request.form.get(OPENED, "")))


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.config["SECRET_KEY"]), _SALT)
