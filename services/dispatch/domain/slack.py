"""How a draft goes: driving, waiting, and how late each stop may become. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.dispatch.domain.problem import (
    NO_WAY,
    Crew,
    Draft,
    Problem,
    TimedPause,
    TimedStop,
    Visit,
    goes_on,
)
from services.dispatch.domain.resting import in_order


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop as it is driven: seconds of way, of waiting, of lateness, and to spare."""

    team: str
    stop: TimedStop
    way: int
    waits: int
    late: int
    spare: int


def legs(problem: Problem, draft: Draft) -> list[Leg]:
    """Every stop of the draft, route by route; `spare` keeps all later stops on time."""
    visits = {visit.id: visit for visit in problem.visits}
    return [leg for crew in problem.crews for leg in _driven(problem, draft, crew, visits)]


def _driven(problem: Problem, draft: Draft, crew: Crew, visits: dict[str, Visit]) -> Iterator[Leg]:
    route = [stop for stop in draft.routes.get(crew.team, ()) if stop.visit in visits]
    made = [visits[stop.visit] for stop in route]
    latest = _latest(problem, crew, made, draft.pauses.get(crew.team, ()))
    place, free = crew.place, crew.starts
    for number, (stop, deadline) in enumerate(zip(route, latest, strict=True)):
        visit = visits[stop.visit]
        free = goes_on(draft, crew.team, number, free)
        way = problem.way(place, visit.place, free)
        known = way < NO_WAY
        waits = max(0, stop.starts - free - way) if known else 0
        late = max(0, stop.starts - visit.latest)
        yield Leg(crew.team, stop, way if known else 0, waits, late, deadline - stop.starts)
        place, free = visit.place, stop.leaves


def _latest(
    problem: Problem, crew: Crew, route: list[Visit], pauses: Sequence[TimedPause]
) -> list[int]:
    """The latest start of each stop with which all after it, breaks and the shift are kept."""
    found: list[int] = []
    after, place = crew.ends, -1 if crew.end is None else crew.end
    breaks = list(zip(pauses, in_order(crew), strict=False))
    for number, visit in reversed(list(enumerate(route, 1))):
        leaves = problem.leave_by(visit.place, place, after) if place >= 0 else after
        for pause, due in reversed(breaks):
            if pause.after == number:
                leaves = min(leaves - due.seconds, due.latest)
        closes = visit.latest
        if visit.promised and visit.promised_to == crew.team:
            closes = min(closes, visit.promised[1])
        after, place = min(closes, leaves - visit.service), visit.place
        found.append(after)
    return found[::-1]
