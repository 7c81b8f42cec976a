"""A team's breaks tonight: taken, under way, still before it. Pure; re-plans and pages use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.dispatch.domain.evening import BreakTime, Rests, Team
from services.dispatch.domain.night import BreakNow, TeamNow, TeamState

UNPLANNED = timedelta(minutes=10)
"""So long a break is taken to last that the roster does not know."""
OWED = timedelta(hours=1)
"""So long after its time a break is still due: teams that forget to tap do not rest for ever."""
State = Literal["taken", "now", "planned"]


@dataclass(frozen=True, slots=True)
class ShownBreak:
    """A break as people see it; one under way with the end expected."""

    starts_at: datetime
    ends_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class EndPlace:
    """Where a team has to be at the end of its shift, and when it is there by the plan."""

    name: str
    lat: float
    lon: float
    back_at: datetime | None


def owed(team: Team, now: TeamNow, at: datetime) -> tuple[BreakTime, ...]:
    """The breaks that the team still has to take."""
    taken = set(_matches(team, now).values())
    left = (rest for rest in team.breaks if rest not in taken)
    return tuple(rest for rest in left if at < rest.closes + OWED)


def rested_by(team: Team, now: TeamNow) -> datetime | None:
    """When the break ends that the team takes just now; None where it takes none."""
    if now.state != TeamState.ON_BREAK or now.since is None:
        return None
    last = len(now.breaks) - 1
    rest = _matches(team, now).get(last) if now.breaks else None
    return now.since + (timedelta(minutes=rest.minutes) if rest else UNPLANNED)


def shown(
    team: Team, now: TeamNow, rests: Rests, *, late: timedelta = timedelta()
) -> Iterator[ShownBreak]:
    """Every break of the evening; of those planned the ones that were not taken since."""
    for taken in now.breaks:
        if taken.ended_at:
            yield ShownBreak(taken.began_at, taken.ended_at, "taken")
    ends = rested_by(team, now)
    if ends and now.since:
        yield ShownBreak(now.since, ends, "now")
    due = len(team.breaks) - len(_matches(team, now))
    for pause in rests.pauses[max(0, len(rests.pauses) - due) :]:
        yield ShownBreak(pause.starts_at + late, pause.ends_at + late, "planned")


def end_of(team: Team, rests: Rests, *, late: timedelta = timedelta()) -> EndPlace | None:
    """Where the team has to be in the end; None where it may be anywhere."""
    if team.end is None:
        return None
    back = rests.back_at + late if rests.back_at else None
    return EndPlace(team.end_name, team.end.lat, team.end.lon, back)


def _matches(team: Team, now: TeamNow) -> dict[int, BreakTime]:
    """Which of the roster's breaks each one taken was: the nearest that is not taken yet.

    A break of less than half its minutes was none.
    """
    left, found = list(team.breaks), dict[int, BreakTime]()
    for number, taken in enumerate(now.breaks):
        rest = min(left, key=lambda rest: _away(rest, taken), default=None)
        if rest and _counts(rest, taken):
            found[number] = rest
            left.remove(rest)
    return found


def _away(rest: BreakTime, taken: BreakNow) -> timedelta:
    return max(rest.opens - taken.began_at, taken.began_at - rest.closes, timedelta())


def _counts(rest: BreakTime, taken: BreakNow) -> bool:
    if taken.ended_at is None:
        return True
    return taken.ended_at - taken.began_at >= timedelta(minutes=rest.minutes) / 2
