"""How fast a provider takes messages, counted in segments for each sender. Pure.

Each sender has a moment up to which it is busy with what it was given. It may be given the next
message when that moment is near enough, whatever the message's length: within a second for bulk,
within three for what is urgent, which so need not wait until a place is free.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

AHEAD = timedelta(seconds=1)
URGENT_AHEAD = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Pace:
    """A provider's senders, and how many segments (or e-mails) a second each may send; 0: any."""

    provider: str
    senders: tuple[str, ...] = ("",)
    per_second: float = 0
    texts: bool = True

    def sender_for(self, to: str) -> str:
        """The sender that writes to `to`: always the same, so that a host knows the number."""
        return self.senders[crc32(to.encode()) % len(self.senders)]

    def seconds_for(self, segments: int) -> float:
        """How long so many segments take, spread over all senders."""
        if not self.per_second:
            return 0.0
        return math.ceil(segments / len(self.senders)) / self.per_second


@dataclass(slots=True)
class Busy:
    """Until when each sender of a pace is busy, and the seconds by which `take` has added to it."""

    pace: Pace
    until: dict[str, datetime]
    now: datetime
    ahead: timedelta = AHEAD
    spent: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(
        cls, pace: Pace, until: Mapping[str, datetime], now: datetime, ahead: timedelta = AHEAD
    ) -> "Busy":
        """The senders at `now`; one that was never used is free."""
        return cls(pace, {s: max(until.get(s, now), now) for s in pace.senders}, now, ahead)

    def hold(self, sender: str, segments: int) -> None:
        """Keep the sender free for a message that goes first."""
        self.until[sender] += timedelta(seconds=self._seconds(segments))

    def take(self, sender: str, segments: int) -> bool:
        """Give the sender a message, if it has room for it now."""
        if self.until[sender] >= self.now + self.ahead:
            return False
        self.hold(sender, segments)
        self.spent[sender] = self.spent.get(sender, 0.0) + self._seconds(segments)
        return True

    def _seconds(self, segments: int) -> float:
        return max(segments, 1) / self.pace.per_second
