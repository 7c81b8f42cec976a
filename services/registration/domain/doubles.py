"""Which parties may be one party that was entered twice, and why. Pages and handlers ask it.

Nothing is compared with everything: parties meet in groups that share a key, and in cells of a
grid for those that are near one another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import cos, floor, radians
from typing import Literal

from services.registration.domain.blocks import block_of
from services.registration.domain.geography import Point, km_between

Why = Literal["block", "phone", "email", "host", "place", "near"]
NEAR_KM = 0.06
_WEIGHT: dict[Why, int] = {"phone": 4, "email": 4, "block": 3, "place": 2, "host": 1, "near": 0}
_LARGE = 12
_KM_A_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at of one party; `day` is that of its city."""

    id: str
    day: date
    address: str
    host: str
    phone: str
    email: str
    place: Point | None

    def shared_keys(self) -> Iterator[tuple[Why, str]]:
        """What another party may have in common with it, but for its place."""
        if block := block_of(self.address):
            yield "block", block
        if self.phone:
            yield "phone", self.phone
        if self.email:
            yield "email", self.email.casefold()
        if host := " ".join(self.host.casefold().split()):
            yield "host", host


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties, the elder first, and all that they have in common."""

    one: str
    other: str
    whys: tuple[Why, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(_WEIGHT[why] for why in self.whys)


def pairs_among(parties: Iterable[Seen]) -> list[Pair]:
    """All pairs on the same day, the likeliest first."""
    groups: dict[tuple[date, Why, str], list[str]] = defaultdict(list)
    placed = []
    for seen in parties:
        for why, key in seen.shared_keys():
            groups[seen.day, why, key].append(seen.id)
        if seen.place:
            placed.append(seen)
    found: dict[tuple[str, str], set[Why]] = defaultdict(set)
    for (_, why, _), members in groups.items():
        for pair in _within(sorted(members)):
            found[pair].add(why)
    for elder, younger in _near(placed):
        found[elder.id, younger.id].add(_how_near(elder, younger))
    pairs = [Pair(one, other, tuple(sorted(whys))) for (one, other), whys in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.weight, pair.one, pair.other))


def whys_between(one: Seen, other: Seen) -> tuple[Why, ...]:
    """What two parties have in common; nothing on different days."""
    if one.day != other.day:
        return ()
    shared = {why for why, _ in set(one.shared_keys()) & set(other.shared_keys())}
    if one.place and other.place and km_between(one.place, other.place) <= NEAR_KM:
        shared.add(_how_near(one, other))
    return tuple(sorted(shared))


def may_be_shown_to_host(whys: Iterable[Why]) -> bool:
    """Whether a stranger may be asked "Is this your party?".

    A street corner is public; that a number or a name is registered is nobody's business, unless
    whoever asks gives both.
    """
    found = set(whys)
    known_person = "host" in found and bool(found & {"phone", "email"})
    return bool(found & {"block", "place"}) or known_person


def _within(members: list[str]) -> Iterator[tuple[str, str]]:
    """Every pair of a group; of a large one, each with the eldest."""
    if len(members) <= _LARGE:
        yield from combinations(members, 2)
    else:
        yield from ((members[0], other) for other in members[1:])


def _how_near(one: Seen, other: Seen) -> Why:
    """Back to back on two blocks that both are named is near, and not the same place."""
    blocks = {block_of(one.address), block_of(other.address)}
    return "near" if "" not in blocks and len(blocks) == 2 else "place"


def _near(parties: list[Seen]) -> Iterator[tuple[Seen, Seen]]:
    cells: dict[tuple[date, int, int], list[Seen]] = defaultdict(list)
    if not parties:
        return
    middle = parties[0].place
    across = _KM_A_DEGREE * max(0.05, cos(radians(middle.lat if middle else 0.0)) * 0.98)
    for seen in sorted(parties, key=lambda party: party.id):
        assert seen.place
        row = floor(seen.place.lat * _KM_A_DEGREE / NEAR_KM)
        column = floor(seen.place.lon * across / NEAR_KM)
        near = (
            earlier
            for r in (row - 1, row, row + 1)
            for c in (column - 1, column, column + 1)
            for earlier in cells[seen.day, r, c][:_LARGE]
        )
        for earlier in near:
            assert earlier.place
            if km_between(earlier.place, seen.place) <= NEAR_KM:
                yield earlier, seen
        cells[seen.day, row, column].append(seen)
