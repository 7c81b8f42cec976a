"""What makes a registration look as if no host had sent it. Pure; the door in `adapters` uses it.

A sign holds a party back until staff has looked at it; only a flood is refused.
"""

import re
from dataclasses import dataclass

from services.registration.domain.party import Registration

SOONEST = 3.0
"""Seconds in which nobody fills in the form."""
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)

SIGNS = {
    "trap": "A field that people cannot see was filled in.",
    "no_form": "It was sent without the form having been opened.",
    "haste": "It was sent within seconds of the form's being opened.",
    "link": "A name holds the address of a web page.",
    "contact": "Several parties were registered with this contact within a day.",
    "crowd": "Many parties were registered from this connection within the hour.",
}
"""What staff is told of each sign."""


@dataclass(frozen=True, slots=True)
class FormSigns:
    """How a form came in; `seconds` since it was opened, None where nothing says when it was."""

    trap: str
    seconds: float | None


def sign_of_form(signs: FormSigns) -> str:
    """The sign that a form gives by the way it came in, or ''."""
    if signs.trap.strip():
        return "trap"
    if signs.seconds is None:
        return "no_form"
    return "haste" if signs.seconds < SOONEST else ""


def sign_of_words(asked: Registration) -> str:
    """The sign that its words give, or ''."""
    named = (asked.name, asked.host_name)
    return "link" if any(_ADDRESS.search(words) for words in named) else ""


def contacts_of(asked: Registration) -> tuple[str, ...]:
    """The contacts as they are counted, however they were typed."""
    digits = re.sub(r"[^0-9]", "", asked.phone)[-10:]
    email = asked.email.strip().casefold()[:320]
    return tuple(key for key in (digits and f"phone {digits}", email and f"email {email}") if key)
