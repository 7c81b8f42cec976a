"""How long and how many a city takes in: deadline, late lane, cap. Everything here may use it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.registration.domain.questions import Question

Lane = Literal["open", "late", "closed"]


@dataclass(frozen=True, slots=True)
class EntryRules:
    """The part [registration] of a city's file; without it everybody is taken in.

    Until `deadline` a party is on time; until `late_until` it is taken in and marked late. From
    the `cap`th party that wants a visit on, the next ones wait. Private links open a party until
    `link_days` after it.
    """

    deadline: datetime | None = None
    late_until: datetime | None = None
    cap: int = 0
    rain_date: date | None = None
    link_days: int = 30
    questions: tuple[Question, ...] = ()

    def lane(self, moment: datetime) -> Lane:
        """What a party that comes at this moment meets."""
        if self.late_until and moment > self.late_until:
            return "closed"
        return "late" if self.is_late(moment) else "open"

    def is_late(self, received_at: datetime) -> bool:
        """Whether a party that was received then came after the deadline."""
        return self.deadline is not None and received_at > self.deadline

    def links_end(self, party_closes: datetime) -> datetime:
        """When the private link of a party that ends then opens it no more."""
        return party_closes + timedelta(days=self.link_days)
