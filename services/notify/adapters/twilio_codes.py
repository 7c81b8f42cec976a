"""Twilio's error codes in families. Its adapter and its webhook use it."""

import httpx

from services.notify.domain.outcomes import Deferred, Outcome, Refused, Unsure

OPTED_OUT = 21610
_PERMANENT = {
    21211: "this is no telephone number",
    21214: "this number cannot be reached",
    21217: "this is no telephone number",
    21408: "Twilio may not send to this country",
    OPTED_OUT: "opted out at Twilio",
    21612: "Twilio has no way from our number to this one",
    21614: "this is no mobile number",
    21617: "the message is too long",
    21635: "this is a landline",
    30004: "the phone or its carrier blocks messages",
    30005: "the number does not exist or is switched off for good",
    30006: "a landline, or a carrier that cannot be reached",
    30007: "the carrier filtered it as unwanted",
    30034: "the carrier wants our number registered",
}
_PASSING = {
    14107: "Twilio's rate is used up",
    20429: "Twilio's rate is used up",
    21611: "Twilio's queue for our number is full",
    30001: "Twilio's queue overflowed",
    30002: "our account at Twilio is suspended",
    30003: "the phone is switched off or out of reach",
    30008: "it was lost, and nobody says why",
    30017: "the carrier's network is congested",
    30022: "the carrier's rate is used up",
    30036: "it was not delivered in time",
    63018: "Twilio's rate is used up",
}


def judge(answer: httpx.Response) -> Outcome:
    """What an answer that is no success means for the message."""
    code = _code(answer)
    if code in _PERMANENT:
        return Refused(said(code), opted_out=code == OPTED_OUT)
    if code in _PASSING or answer.status_code == 429:
        words = _PASSING.get(code, "Twilio's rate is used up")
        return Deferred(words, _seconds(answer))
    if answer.status_code in (502, 504):
        return Unsure("Twilio's gateway had no answer, so the message may be on its way")
    if answer.status_code in (400, 422):
        return Refused(f"Twilio refused it ({code or answer.status_code})")
    return Deferred(f"Twilio fails ({code or answer.status_code})", _seconds(answer))


def said(code: int) -> str:
    """The words for a code."""
    words = _PERMANENT.get(code) or _PASSING.get(code)
    return f"{words} ({code})" if words else f"Twilio's code {code}"


def is_permanent(code: int) -> bool:
    """Whether the number will never get it; what is not known may pass."""
    return code in _PERMANENT


def _code(answer: httpx.Response) -> int:
    try:
        return int(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return 0


def _seconds(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 0.0
