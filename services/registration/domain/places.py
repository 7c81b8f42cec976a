"""Places proposed for an address, and the parts of a city around a place. All of it may use it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.registration.domain.geography import Point, km_between

Kind = Literal["address", "block", "intersection", "street"]
Outcome = Literal["placed", "doubtful", "unknown"]
"""What a look-up of an address came to."""
Layer = Literal["area", "beat", "district"]
LAYERS: tuple[Layer, ...] = ("area", "beat", "district")
GOOD_ENOUGH = 0.8
"""From this quality on a proposal is taken without asking for the pin."""
MOST_PROPOSALS = 5
_SAME_PLACE_KM = 0.15
_RIVAL = 0.9
_DOUBT = 0.75


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place that an address may mean; `quality` is 0 to 1, by the rule of `GOOD_ENOUGH`."""

    label: str
    kind: Kind
    point: Point
    quality: float

    @property
    def is_good(self) -> bool:
        """Whether it may be taken without asking."""
        return self.quality >= GOOD_ENOUGH


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What an address may mean, the best first, and whether that is sure."""

    proposals: tuple[Proposal, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """`placed`: the best proposal may be taken; `doubtful`: somebody has to choose."""
        if not self.proposals:
            return "unknown"
        return "placed" if self.proposals[0].is_good else "doubtful"

    @property
    def sure(self) -> Proposal | None:
        """The proposal that may be taken without asking."""
        return self.proposals[0] if self.outcome == "placed" else None


@dataclass(frozen=True, slots=True)
class Around:
    """The parts of the city in which a place lies; empty text is none known."""

    area: str = ""
    beat: str = ""
    district: str = ""


def ranked(found: Sequence[Proposal]) -> list[Proposal]:
    """The best proposals first, each place once; where two places rival, neither is certain."""
    kept: list[Proposal] = []
    for one in sorted(found, key=lambda p: -p.quality):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    if len(kept) > 1 and kept[1].quality >= kept[0].quality * _RIVAL:
        kept = [replace(p, quality=min(p.quality, _DOUBT)) for p in kept]
    return kept[:MOST_PROPOSALS]


def _same(one: Proposal, other: Proposal) -> bool:
    return one.label == other.label or km_between(one.point, other.point) < _SAME_PLACE_KM
