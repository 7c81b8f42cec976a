"""What a team tapped, and when that really was. Pure; the team page and the night use it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOVES = frozenset(
    {
        "check_in",
        "en_route",
        "arrived",
        "left",
        "skip",
        "to_call",
        "back_from_call",
        "break_start",
        "break_end",
        "end_shift",
        "undo",
    }
)
"""Taps that move the night; the rest are notes."""
NOTES = frozenset({"note", "head_count", "follow_up"})
SKIP_REASONS = {
    "nobody_there": "Nobody is there",
    "no_access": "We cannot get through",
    "host_declined": "The host does not want a visit",
    "unsafe": "It is not safe",
    "no_time": "There is no time",
    "other": "Another reason",
}
"""Why a stop is skipped, as a team says it and as the board shows it."""


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap. `id` is the phone's own: the same id is the same tap. `of` is what is undone."""

    id: str
    kind: str
    at: datetime
    party: str = ""
    reason: str = ""
    words: str = ""
    people: int | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a tap: applied, applied already, or not (`fault`: a code, `detail`: words)."""

    id: str
    applied: bool
    already: bool = False
    fault: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PhoneTime:
    """A moment by a phone's clock, and how to mend it.

    `sent_at` is the same clock when the phone sent; `age` counts from the tap to the sending by a
    clock that nobody can set, which however may stand still while the phone sleeps.
    """

    at: datetime
    sent_at: datetime
    age: timedelta | None = None

    def mended(self, received_at: datetime) -> datetime:
        """When it was by our clock; never in the future."""
        passed = max(self.sent_at - self.at, self.age or timedelta(), timedelta())
        return received_at - passed
