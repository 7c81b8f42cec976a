"""What is new in a team's route against what somebody of the team was told. Pure.

told A B C, now A C D  ─► `added` D, `removed` B
told A B C, now B A C  ─► `reordered`
told A B C, B visited  ─► nothing: what is done is no news
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.notify.domain.values import RouteStop


@dataclass(frozen=True, slots=True)
class Turn:
    """What changed in a route, stops as they now are; `removed` as they were told."""

    added: tuple[RouteStop, ...] = ()
    removed: tuple[RouteStop, ...] = ()
    moved: tuple[RouteStop, ...] = ()
    reordered: bool = False

    @property
    def is_news(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.moved or self.reordered)


def turn_of(
    told: Sequence[RouteStop],
    now: Sequence[RouteStop],
    done: Collection[str],
    smallest: timedelta | None,
) -> Turn:
    """The difference, without parties that are `done`; times count from `smallest`, if at all."""
    before = {stop.party_id: stop for stop in told if stop.party_id not in done}
    after = {stop.party_id: stop for stop in now if stop.party_id not in done}
    kept = [party for party in before if party in after]
    return Turn(
        added=tuple(stop for party, stop in after.items() if party not in before),
        removed=tuple(stop for party, stop in before.items() if party not in after),
        moved=tuple(after[p] for p in kept if _moved(before[p], after[p], smallest)),
        reordered=kept != [party for party in after if party in before],
    )


def next_stop(route: Sequence[RouteStop], done: Collection[str]) -> RouteStop | None:
    """The first stop that is not done."""
    return next((stop for stop in route if stop.party_id not in done), None)


def _moved(before: RouteStop, after: RouteStop, smallest: timedelta | None) -> bool:
    return smallest is not None and abs(after.arrives_at - before.arrives_at) >= smallest
