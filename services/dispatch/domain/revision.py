"""A planner's answer while the evening runs: a draft, and what differs from what was stored."""

from dataclasses import dataclass

from services.dispatch.domain.problem import Draft

LEFT = ""
"""No team: the visit is made by nobody."""


@dataclass(frozen=True, slots=True)
class Revised:
    """One visit that is planned otherwise; starts are in seconds."""

    party: str
    kind: str
    reason: str
    promised: bool
    old_team: str = LEFT
    new_team: str = LEFT
    old_starts: int | None = None
    new_starts: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """The draft, every change with its reason, and what the draft is worth in points."""

    draft: Draft
    changes: tuple[Revised, ...]
    points: float = 0.0

    @property
    def changed_promises(self) -> int:
        """How many promises it changes."""
        return sum(change.promised for change in self.changes)
