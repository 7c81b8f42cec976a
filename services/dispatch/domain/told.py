"""What a host was last told about the visit, and when that has to change. Used by planning."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=5)
BEFORE = timedelta(minutes=10)
AFTER = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Told:
    """One party's visit as told: by a team within a window, or by nobody for a reason.

    `revision` rises only when what is told changes; the planned `arrives_at` may move within
    the window without a word. A party that is not visited has no team and no window.
    """

    revision: int
    team_id: str = ""
    team_name: str = ""
    kinds: tuple[str, ...] = ()
    opens: datetime | None = None
    closes: datetime | None = None
    arrives_at: datetime | None = None
    reason: str = ""
    detail: str = ""

    @property
    def scheduled(self) -> bool:
        """Whether a team comes."""
        return bool(self.team_id)

    def says_the_same(self, other: "Told") -> bool:
        """Whether a host could not tell the two apart."""
        return self._words() == other._words()

    def _words(self) -> tuple[object, ...]:
        span = (self.opens, self.closes)
        return (self.team_id, self.team_name, self.kinds, *span, self.reason, self.detail)


def window_to_tell(
    arrives_at: datetime, opens: datetime, closes: datetime, before: Told | None = None
) -> tuple[datetime, datetime]:
    """The window for an arrival, clipped to `opens` to `closes`: the party's and the shift's.

    What was told before stays as long as the arrival still falls into it: a host should hear a
    new time only when the old one has become wrong.
    """
    if before and before.opens and before.closes and _holds(before, arrives_at, opens, closes):
        return before.opens, before.closes
    rounded = _rounded(arrives_at)
    return max(rounded - BEFORE, opens), min(rounded + AFTER, closes)


def _holds(told: Told, arrives_at: datetime, opens: datetime, closes: datetime) -> bool:
    if told.opens is None or told.closes is None:
        return False
    inside = opens <= told.opens and told.closes <= closes
    return inside and told.opens <= arrives_at <= told.closes


def _rounded(moment: datetime) -> datetime:
    zero = datetime(2000, 1, 1, tzinfo=UTC)
    return zero + STEP * round((moment - zero) / STEP)
