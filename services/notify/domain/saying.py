"""What a template may speak of besides the party, its city and its window. Words and handlers."""

from dataclasses import dataclass

from services.notify.domain.turns import Turn
from services.notify.domain.values import RouteStop

NO_TURN = Turn()


@dataclass(frozen=True, slots=True)
class More:
    """`change` is 'earlier' or 'later', `kinds` and `team` are who comes; the rest is for teams.

    `why` is what a dispatcher wrote; `part`: it is so in the host's part of the city only.
    """

    change: str = ""
    why: str = ""
    part: bool = False
    kinds: tuple[str, ...] = ()
    team: str = ""
    visited: bool = False
    stops: tuple[RouteStop, ...] = ()
    turn: Turn = NO_TURN


NOTHING_MORE = More()
