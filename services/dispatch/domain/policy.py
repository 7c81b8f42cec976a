"""A city's policies: plain settings of whom a plan favours. Any dispatch module may use it.

`Policies()` favours nobody: every party counts alike and no promise is broken. The last four
settings are about the night itself, the others about every plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Stability = Literal["fixed", "strong", "soft"]
"""`fixed`: no promise is broken that can be kept; `strong` and `soft`: it has a price."""

Asking = Literal["no_promise_changes", "never", "always"]
"""When a proposed re-plan applies without being accepted by a dispatcher."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """So many guaranteed visits, drawn by `seed` among the parties registered by `drawn_at`."""

    guaranteed: int
    seed: int
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Caravan:
    """A team that drives these parties in this order and makes no other visit."""

    team: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policies:
    """What a city has settled; each is off, or does nothing, as it stands here.

    `first_come_first_served`: the share of its points that the last registration loses (0 to 0.9).
    `new_or_absent_factor`: how often a block counts that was never visited, or not for
    `absent_years`. `first_visit_bonus`: points for a party's first visit beside 5 for any.
    `equity_points`: points for an area's first party, falling to none for its last.
    `cap`: only so many registrations are considered. `beats`: areas that a team stays in;
    `stay_in`: areas that it leaves only where a visit is worth `stay_in_points` more.
    `language_points`: what a visit loses whose team does not speak the host's language.
    """

    first_come_first_served: float = 0.0
    new_or_absent_factor: float = 1.0
    absent_years: int = 3
    first_visit_bonus: float = 10.0
    equity_points: float = 0.0
    lottery: Lottery | None = None
    cap: int | None = None
    caravans: tuple[Caravan, ...] = ()
    beats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stay_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stay_in_points: float = 4.0
    language_points: float = 1.0
    most_stops: Mapping[str, int] = field(default_factory=dict)
    stability: Stability = "fixed"
    apply_without_asking: Asking = "no_promise_changes"
    applies_by_itself_after_minutes: int | None = None
    tell_not_coming_minutes_before: int = 30
    window_confidence: float = 0.8

    @property
    def weighs(self) -> bool:
        """Whether some visit is worth more or less than under `Policies()`."""
        own = (
            self.first_come_first_served,
            self.new_or_absent_factor,
            self.first_visit_bonus,
            self.equity_points,
        )
        return own != (0.0, 1.0, 10.0, 0.0) or bool(self.stay_in)
