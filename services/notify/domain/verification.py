"""The code by which a member of staff shows that a number or address is theirs. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import randbelow

TEMPLATE = "verification"
"""The only message that reaches an address which nobody has verified, in a city on trial."""
LASTS = timedelta(minutes=15)
TRIES = 5
AN_HOUR = 20
"""So many codes may go out for one city in an hour."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The code that is waited for, as it is kept."""

    hash: str
    until: datetime
    tries: int


def new_code() -> str:
    """Six digits."""
    return f"{randbelow(1_000_000):06}"


def hash_of(contact_id: str, code: str) -> str:
    """What is kept of a code; it lives for minutes and a few tries."""
    return sha256(f"{contact_id}/{code}".encode()).hexdigest()


def is_right(contact_id: str, code: str, expected: Expected, now: datetime) -> bool:
    """Whether the code that was typed is the one that was sent, in time."""
    typed = "".join(c for c in code if c.isdigit())
    fits = compare_digest(hash_of(contact_id, typed), expected.hash)
    return fits and now <= expected.until and expected.tries < TRIES


def words(code: str, programme: str) -> str:
    """What the message says."""
    return (
        f"{code} is the code for {programme}'s messages. It is good for 15 minutes."
        " Did you not ask for it? Then do nothing."
    )
