"""What a planner decided by hand, and by whom, when and why. Any dispatch module may use it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EditKind = Literal["pin", "forbid", "lock"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision that holds until it is withdrawn.

    `pin`: the party is visited, by `team` and starting within `earliest` to `latest` where these
    are given. `forbid`: it is not visited by `team`, where none is given by nobody. `lock`: `team`
    visits these parties in this order, and with `only` no others. `visitor` says which of a
    party's visits is meant where a host asked for several kinds. `version` counts the city's
    decisions; `edits` are listed in its order.
    """

    id: str
    kind: EditKind
    parties: tuple[str, ...]
    team: str = ""
    visitor: str = ""
    earliest: datetime | None = None
    latest: datetime | None = None
    only: bool = False
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    version: int = 0
