"""A re-plan that waits for an answer, or was applied: every change and why. Pure."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One visit that would be made otherwise; `promised` where a host was told of it."""

    party_id: str
    kind: str
    reason: str
    promised: bool = False
    old_team: str = ""
    new_team: str = ""
    old_starts: datetime | None = None
    new_starts: datetime | None = None

    @property
    def gist(self) -> tuple[object, ...]:
        """What makes it the same change again, its exact minute left out."""
        return (self.party_id, self.kind, self.promised, self.old_team, self.new_team)


@dataclass(frozen=True, slots=True)
class Loss:
    """What comes of it if nothing is done."""

    unmade: int = 0
    late: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A checked plan that may be applied as long as nothing newer is known.

    `base_version` is the board's change that it was made on. It applies by itself at `applies_at`,
    where that is given.
    """

    id: str
    base_version: int
    made_at: datetime
    applies_at: datetime | None
    needs_answer: bool
    changes: tuple[PlanChange, ...]
    loss: Loss
    plan: Plan
    note: str = ""

    def is_like(self, other: "Proposal | None") -> bool:
        """Whether it proposes what the other does, so that nobody has to look again."""
        return other is not None and {c.gist for c in self.changes} == {
            c.gist for c in other.changes
        }
