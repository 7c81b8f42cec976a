"""What a template may speak of besides the party, its city and its window. Words and handlers."""

from dataclasses import dataclass

from services.notify.domain.turns import Turn
from services.notify.domain.values import RouteStop

NO_TURN = Turn()


@dataclass(frozen=True, slots=True)
class More:
    """`change` is 'earlier' or 'later'; `kinds` and `team` are who comes; the rest is for teams."""

    change: str = ""
    kinds: tuple[str, ...] = ()
    team: str = ""
    visited: bool = False
    stops: tuple[RouteStop, ...] = ()
    turn: Turn = NO_TURN


NOTHING_MORE = More()
