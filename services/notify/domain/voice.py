"""How a city wants to speak: its settings of notify, with defaults. The whole service uses it."""

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Officer:
    """The neighbourhood officer of an area, whom hosts may ask; `area` is '' for all others."""

    area: str
    name: str
    phone: str = ""
    email: str = ""

    @property
    def reach(self) -> str:
        """Like "Officer Kim, 626-555-0100", empty without a name."""
        return ", ".join(part for part in (self.name, self.phone or self.email) if part)


@dataclass(frozen=True, slots=True)
class Voice:
    """What is worth a text, how many, when not, and who signs it; empty text is 'as the city'."""

    smallest_minutes: int = 10
    settle_seconds: int | None = None
    budget: int = 8
    quiet_from: time = time(21, 30)
    quiet_until: time = time(8)
    confirm_days: tuple[int, ...] = (7, 1, 0)
    confirm_hour: int = 10
    thanks_hour: int = 9
    name_teams: bool = False
    programme: str = ""
    signature: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    officers: tuple[Officer, ...] = ()
    team_routes: bool = True
    team_route_hours: int = 3
    team_changes: bool = True
    team_next: bool = False
    segment_cost: float = 0.0
    currency: str = "$"

    @property
    def smallest_change(self) -> timedelta:
        """What a window has to move by to be worth a text."""
        return timedelta(minutes=self.smallest_minutes)

    @property
    def contact(self) -> str:
        """Like "Community Services, 626-555-0100, nno@example.org"."""
        parts = (self.contact_name, self.contact_phone, self.contact_email)
        return ", ".join(part for part in parts if part)

    def officer_of(self, area: str) -> Officer | None:
        """Whom a host of the area may ask: its own officer, or the one of all others."""
        named = {officer.area: officer for officer in self.officers if officer.reach}
        return named.get(area) or named.get("")


AS_DELIVERED = Voice()
