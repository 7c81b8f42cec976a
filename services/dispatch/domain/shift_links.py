"""A team's link for one shift: how long it is good for. Pure; any dispatch module may use it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(hours=2)
"""A shift that runs late still needs its page, and its last taps have to come home."""


@dataclass(frozen=True, slots=True)
class ShiftLink:
    """What a link opens: one team's page until the end of one shift."""

    id: str
    city: str
    team_id: str
    team_name: str
    opens: datetime
    ends: datetime
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None

    @property
    def tag(self) -> str:
        """Names team and shift: a phone's waiting taps outlive a link that is replaced."""
        return f"{self.city}/{self.team_id}/{self.opens:%Y-%m-%dT%H:%MZ}"

    @property
    def gone_at(self) -> datetime:
        """From when on it opens nothing any more."""
        return self.ends + GRACE

    def good(self, now: datetime) -> bool:
        """Whether it still opens the page."""
        return self.revoked_at is None and now < self.gone_at

    def on_duty(self, now: datetime) -> bool:
        """Whether the shift is under way: only then may anybody ask where the team is."""
        return self.good(now) and self.opens <= now < self.ends


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A link and what is known of the phones that opened it."""

    link: ShiftLink
    phones: int = 0
    heard_at: datetime | None = None
