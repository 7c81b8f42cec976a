"""How a host's number stands: whether it is proven, what its code still is good for. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Party

DIGITS = 6
SLOW = timedelta(seconds=20)
"""An answer that takes longer is told to be late, and the code may be typed again."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a city as notify last said; `answers` is the entry that this was said to."""

    id: str
    revision: int
    state: str
    why: str
    answers: str
    goes_at: datetime | None
    good_until: datetime | None
    tries_left: int
    another_from: datetime

    @property
    def is_proven(self) -> bool:
        """Whether its owner has answered."""
        return self.state == "proven"

    @property
    def is_excused(self) -> bool:
        """Whether the city texts numbers as they were given."""
        return self.state == "excused"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was last typed or asked for on a party's page."""

    id: str
    number_id: str
    at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What a party's page shows of its host's number at the moment `now`."""

    number: Number
    entry: Entry | None
    now: datetime

    @property
    def is_proven(self) -> bool:
        """Whether nothing is left to do."""
        return self.number.is_proven

    @property
    def is_checking(self) -> bool:
        """Whether the answer to what was typed or asked for has yet to come."""
        entry = self.entry
        mine = entry is not None and entry.number_id == self.number.id
        return mine and not (entry and entry.answered) and not self.is_proven

    @property
    def is_slow(self) -> bool:
        """Whether that answer is late."""
        return bool(self.is_checking and self.entry and self.now - self.entry.at > SLOW)

    @property
    def is_new(self) -> bool:
        """Whether the code is one that was asked for here."""
        mine = self.entry is not None and self.entry.id == self.number.answers
        return mine and self.number.state == "asked"

    @property
    def is_on_its_way(self) -> bool:
        """Whether the text waits for the morning."""
        return self.number.goes_at is not None and self.now < self.number.goes_at

    @property
    def is_over(self) -> bool:
        """Whether there is no code that could be typed."""
        until = self.number.good_until
        return until is None or self.now > until or not self.number.tries_left

    @property
    def may_ask(self) -> bool:
        """Whether another code may be asked for."""
        return self.now >= self.number.another_from

    @property
    def refusal(self) -> str:
        """Why notify refused what was last typed or asked for here."""
        mine = self.entry is not None and self.entry.id == self.number.answers
        return self.number.why if mine else ""


def is_to_be_proven(party: Party) -> bool:
    """Whether anybody would text the party's host."""
    host = party.details.host
    return bool(host.phone and host.sms_consent and not (party.is_withdrawn or party.held))


def read_code(typed: str) -> str:
    """The code's digits, in whatever script and grouping they were typed; raises `Rejected`."""
    digits = "".join(str(unicodedata.decimal(c)) for c in typed if c.isdecimal())
    if len(digits) != DIGITS or any(c.isalpha() for c in typed):
        raise Rejected(Complaint("code", "The code has six digits. Please look at the text again."))
    return digits


def shortly(phone: str) -> str:
    """As much of the number as its owner needs to know it by, like (…) …42."""
    return f"{'(…) ' if phone.startswith('+1') else ''}…{phone[-2:]}"
