"""The code that shows that a host's number is theirs: made, judged, limited. Pure; handlers use it.

A code stands in no table: it follows from the installation's secret, the number and a salt, and is
put into the text as that is handed over. Whoever has the database alone knows no code.
"""

import hmac
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

DIGITS: Final = 6
LASTS: Final = timedelta(days=1)
TRIES: Final = 5
PAUSE: Final = timedelta(minutes=1)
"""So long after a text nobody may ask for another one."""
A_DAY, A_MONTH = 3, 10
"""So many codes are made for a number, whoever asks, from whichever party and city."""
_DAY, _MONTH = timedelta(days=1), timedelta(days=30)

SLOT: Final = "<code>"
"""Stands for the code while a text is worded: as long as it, so that its segments are counted."""
_SALTED: Final = re.compile(r"<code:([0-9a-f]{32})>")

WRONG: Final = "wrong"
EXPIRED: Final = "expired"
USED_UP: Final = "used_up"
TOO_SOON: Final = "too_soon"
OPTED_OUT: Final = "opted_out"


@dataclass(frozen=True, slots=True)
class CodeMaker:
    """Makes codes from the installation's secret; `repr` does not show it."""

    secret: str = field(repr=False)

    def code(self, phone: str, salt: str) -> str:
        """The six digits for this number and salt."""
        key = f"porchlight number codes/{self.secret}".encode()
        digest = hmac.new(key, f"{phone}/{salt}".encode(), sha256).digest()
        return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}}"

    def fits(self, typed: str, phone: str, salt: str) -> bool:
        """Whether that was typed, compared in the same time whatever it is."""
        return hmac.compare_digest(typed.encode(), self.code(phone, salt).encode())

    def filled(self, body: str, phone: str) -> str:
        """The text as it goes to this number, with its code."""
        return _SALTED.sub(lambda found: self.code(phone, found[1]), body)


@dataclass(frozen=True, slots=True)
class Code:
    """The newest code of a number, and when this and earlier ones were made, oldest first."""

    phone: str
    salt: str
    goes_at: datetime
    good_until: datetime
    tries: int
    made: tuple[datetime, ...]

    @property
    def tries_left(self) -> int:
        """How often it may still be typed."""
        return max(0, TRIES - self.tries)

    @property
    def another_from(self) -> datetime:
        """From when another code may be made."""
        waits = [self.goes_at + PAUSE]
        if len(self.made) >= A_DAY:
            waits.append(self.made[-A_DAY] + _DAY)
        if len(self.made) >= A_MONTH:
            waits.append(self.made[-A_MONTH] + _MONTH)
        return max(waits)

    def is_good(self, now: datetime) -> bool:
        """Whether typing it now would be right."""
        return now <= self.good_until and self.tries < TRIES


def made_anew(old: Code | None, phone: str, salt: str, goes_at: datetime, now: datetime) -> Code:
    """The number's next code; the one before is good for nothing any more."""
    made = (*(old.made if old else ()), now)[-A_MONTH:]
    return Code(phone, salt, goes_at, goes_at + LASTS, 0, made)


def judged(
    code: Code | None, typed: str, maker: CodeMaker, now: datetime
) -> tuple[str, Code | None]:
    """What stands against what was typed, nothing if it is right; and the code with this try."""
    if code is None or now > code.good_until:
        return EXPIRED, code
    if code.tries >= TRIES:
        return USED_UP, code
    fits = maker.fits(typed, code.phone, code.salt)
    return "" if fits else WRONG, replace(code, tries=code.tries + 1)


def salted(body: str, salt: str) -> str:
    """The worded text as it is kept: the salt stands where the code will."""
    return body.replace(SLOT, f"<code:{salt}>")


def hidden(text: str) -> str:
    """The text as staff may read it."""
    return _SALTED.sub("[code]", text)
