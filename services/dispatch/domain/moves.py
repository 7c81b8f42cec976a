"""What a plan would change for hosts: who is told what instead of what. Pure; pages warn."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import span
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.told import Told

NOBODY = "nobody comes"


@dataclass(frozen=True, slots=True)
class Move:
    """A host who was told of a visit and would be told something else; `lost`: of none."""

    code: str
    address: str
    before: str
    after: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What letting a plan hold would say to hosts; `moves` are those who know of a visit."""

    moves: tuple[Move, ...] = ()
    first: int = 0

    @property
    def told(self) -> int:
        """How many hosts would be told something."""
        return len(self.moves) + self.first

    @property
    def lost(self) -> int:
        """How many would lose a visit that they were told of."""
        return sum(move.lost for move in self.moves)

    @property
    def mark(self) -> str:
        """The same for as long as it is the same: what somebody agreed to."""
        words = (f"{move.code} {move.before} {move.after}" for move in self.moves)
        return sha256("\n".join((str(self.first), *words)).encode()).hexdigest()[:16]


def foreseen(evening: Evening, plan: Plan) -> Foreseen:
    """What the plan would change; whoever withdrew or wants no visit is not counted."""
    moves = sorted(_moves(evening, plan), key=lambda move: (not move.lost, move.address, move.code))
    known = {party for party, told in evening.told.items() if told.scheduled}
    first = sum(plan.told[party].scheduled for party in plan.news - known)
    return Foreseen(tuple(moves), first)


def _moves(evening: Evening, plan: Plan) -> Iterator[Move]:
    zone = ZoneInfo(evening.city.zone)
    for party in evening.parties:
        before = evening.told.get(party.id)
        if party.id not in plan.news or party.no_visit or not (before and before.scheduled):
            continue
        after = plan.told[party.id]
        words = (_words(before, zone), _words(after, zone))
        yield Move(party.code, party.address, *words, not after.scheduled)


def _words(told: Told, zone: ZoneInfo) -> str:
    if not (told.opens and told.closes):
        return NOBODY
    return f"{told.team_name}, {span(told.opens, told.closes, zone)}"
