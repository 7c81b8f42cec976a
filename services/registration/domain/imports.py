"""An import as it stands: what it reads, how far it is, what became of its rows. All use it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.registration.domain.geography import Point
from services.registration.domain.places import Outcome as SpotOutcome

State = Literal[
    "mapping",  # the person says what the columns mean
    "reading",  # rows go into the table
    "checking",  # what would become of each
    "checked",  # the person looks at it
    "importing",
    "done",
    "cancelled",
    "failed",
    "undoing",
    "undone",
]
Outcome = Literal["new", "changed", "unchanged", "kept", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "unchanged", "kept", "refused")
WORKING: tuple[State, ...] = ("reading", "checking", "importing", "undoing")
UNDO_FOR = timedelta(hours=24)
KEEP_ROWS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Import:
    """One import. `counts` are of the preview, `results` of what was really done."""

    id: str
    city: str
    name: str
    sheet: str
    state: State
    header_line: int
    columns: tuple[str, ...]
    mapping: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    total: int
    done: int
    last_line: int
    counts: Mapping[str, int]
    results: Mapping[str, int]
    made_by: str
    made_at: datetime
    finished_at: datetime | None
    problem: str
    strict: bool = False

    @property
    def is_working(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.state in WORKING

    def can_be_undone(self, now: datetime) -> bool:
        """Whether what it did may still be taken back."""
        made = self.results.get("new", 0) + self.results.get("changed", 0)
        ended = self.state in ("done", "cancelled") and self.finished_at is not None
        return bool(ended and made and self.finished_at and now - self.finished_at <= UNDO_FOR)

    def percent(self) -> int:
        """How much of the present work is done."""
        return min(100, 100 * self.done // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Spot:
    """What looking up the address of a row without coordinates came to.

    `labels` are the places that it may mean; `place` is the one that is taken, if that is sure.
    """

    outcome: SpotOutcome
    labels: tuple[str, ...] = ()
    place: Point | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say where the party is."""
        return self.outcome != "placed"


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row with what becomes or became of it; `said` has field, ours and theirs of each matter."""

    line: int
    cells: tuple[str, ...]
    outcome: str
    reasons: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    kept: tuple[tuple[str, str, str], ...] = ()
    party_id: str = ""
    spot: Spot | None = None

    def sentence(self) -> str:
        """Why it was refused or kept, in one line."""
        return "; ".join(f"{field}: {why}" for field, why in self.reasons)

    @property
    def open_spot(self) -> str:
        """What is to be said of a place that somebody has to choose, in one sentence."""
        if self.spot is None or not self.spot.is_open:
            return ""
        if self.spot.outcome == "unknown":
            return "The address is not among the city's own: the place has to be confirmed."
        return (
            f"The address may mean {' or '.join(self.spot.labels)}: the place has to be confirmed."
        )
