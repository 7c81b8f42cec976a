"""Where a team may be: hints from phones and trackers, late and out of order. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.dispatch.domain.evening import Place

SLACK = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Fix:
    """One measured place; `at` by the device's clock, `accuracy` in metres where it says."""

    place: Place
    at: datetime
    source: str
    accuracy: float | None = None

    def plausible(self, now: datetime) -> "Fix":
        """The same with a time that can be: a device ahead of us would outlive all that follows."""
        return replace(self, at=now) if self.at > now + SLACK else self


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The newest fix of a team, and when we heard of it."""

    team_id: str
    fix: Fix
    received_at: datetime
