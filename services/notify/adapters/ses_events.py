"""Turns SES's bounces, complaints and deliveries into receipts. The webhook uses it."""

from collections.abc import Mapping
from typing import Any

import orjson

from services.notify.adapters.aws import TAG
from services.notify.domain.receipts import Receipt
from services.notify.domain.wording import one_line

_LONGEST = 200


def receipts_of(words: str) -> list[Receipt]:
    """What an event or a notification of SES says, nothing where it is something else."""
    try:
        event = orjson.loads(words)
    except ValueError:
        return []
    if not isinstance(event, dict) or not isinstance(event.get("mail"), dict):
        return []
    kind = event.get("eventType") or event.get("notificationType")
    found = _judged(str(kind), event)
    if found is None:
        return []
    state, reason, opted_out = found
    mail = event["mail"]
    ref = str(mail.get("messageId") or "")
    return [Receipt("ses", _our_id(mail), ref, state, reason, opted_out)]


def _judged(kind: str, event: Mapping[str, Any]) -> tuple[str, str, bool] | None:
    match kind:
        case "Delivery":
            return "delivered", "", False
        case "Send":
            return "sent", "", False
        case "Complaint":
            # It was delivered; who complains wants no more.
            return "delivered", "reported as unwanted", True
        case "Reject" | "Rendering Failure":
            return "failed_permanent", "SES refused it", False
        case "Bounce":
            return _bounced(event.get("bounce"))
    return None


def _bounced(bounce: object) -> tuple[str, str, bool] | None:
    if not isinstance(bounce, dict):
        return None
    for_good = bounce.get("bounceType") == "Permanent"
    reason = f"the mail came back: {_diagnosis(bounce)}"
    return ("failed_permanent" if for_good else "failed_temporary"), reason, for_good


def _diagnosis(bounce: Mapping[str, Any]) -> str:
    """Why, in the words of the receiving server, if it gave any; never with an address."""
    recipients = bounce.get("bouncedRecipients")
    first = recipients[0] if isinstance(recipients, list) and recipients else {}
    code = first.get("diagnosticCode") if isinstance(first, dict) else ""
    words = " ".join(w for w in one_line(str(code or "")).split() if "@" not in w)
    return (words or str(bounce.get("bounceSubType") or "no reason given"))[:_LONGEST]


def _our_id(mail: Mapping[str, Any]) -> str:
    tags = mail.get("tags")
    values = tags.get(TAG) if isinstance(tags, dict) else None
    return str(values[0]) if isinstance(values, list) and values else ""
