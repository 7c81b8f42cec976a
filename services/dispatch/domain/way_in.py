"""The cheapest ways to take a party into tonight's routes as they stand. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.dispatch.domain.problem import NO_WAY, Crew, Problem, TimedStop, Visit
from services.dispatch.domain.resting import Call, in_order, late, timed


@dataclass(frozen=True, slots=True)
class WayIn:
    """A place for a visit on a team's route: after so many open stops, starting then.

    `added` are the seconds of driving it adds, `broken` the promises that it would break.
    """

    team: str
    position: int
    after: str
    starts: int
    added: int
    broken: int
    late: int


def ways_in(problem: Problem, stored: Mapping[str, Sequence[TimedStop]], party: str) -> list[WayIn]:
    """For each team its best place; what breaks no promise and adds least comes first."""
    visits = {visit.id: visit for visit in problem.visits}
    wanted = [visit for visit in problem.visits if visit.party == party]
    found = []
    for crew in problem.crews:
        route = [visits[s.visit] for s in stored.get(crew.team, ()) if s.visit in visits]
        places = [
            way
            for visit in wanted
            if crew.team in visit.teams
            for at in range(len(route) + 1)
            if (way := _try(problem, crew, route, visit, at)) is not None
        ]
        if places:
            found.append(min(places, key=_worth))
    return sorted(found, key=_worth)


def _worth(way: WayIn) -> tuple[int, int, int]:
    return (way.broken + way.late, way.added, way.starts)


def _try(
    problem: Problem, crew: Crew, route: Sequence[Visit], visit: Visit, at: int
) -> WayIn | None:
    before = _drive(problem, crew, route)
    new = [*route[:at], visit, *route[at:]]
    after = _drive(problem, crew, new)
    starts = after.starts[at]
    if starts > visit.latest or starts + visit.service > crew.ends:
        return None
    if after.fails and not before.fails:
        return None
    previous = route[at - 1].party if at else ""
    broken = after.broken - before.broken
    late = after.late - before.late
    added = after.driven - before.driven
    return WayIn(crew.team, at, previous, starts, added, max(0, broken), max(0, late))


@dataclass(frozen=True, slots=True)
class _Driven:
    starts: tuple[int, ...]
    driven: int
    broken: int
    late: int
    fails: bool = False


def _drive(problem: Problem, crew: Crew, route: Sequence[Visit]) -> _Driven:
    if not crew.plain:
        return _drive_rested(problem, crew, route)
    place, free, driven, broken, late = crew.place, crew.starts, 0, 0, 0
    starts = []
    for visit in route:
        way = min(NO_WAY, int(problem.seconds[place, visit.place]))
        begins = max(free + way, visit.opens)
        broken += visit.promised is not None and begins > visit.promised[1]
        late += begins > visit.latest or begins + visit.service > crew.ends
        starts.append(begins)
        place, free, driven = visit.place, begins + visit.service, driven + way
    return _Driven(tuple(starts), driven, broken, late)


def _drive_rested(problem: Problem, crew: Crew, route: Sequence[Visit]) -> _Driven:
    """With the crew's breaks and its way back; it fails where one of them comes too late."""
    calls = [Call.of(visit) for visit in route]
    found = timed(problem, crew, calls)
    driven = found or late(problem, crew, calls)
    places = [crew.place, *(visit.place for visit in route)]
    places += [] if crew.end is None else [crew.end]
    made = list(zip(route, driven.starts, strict=True))
    missed = any(p.starts > d.latest for p, d in zip(driven.pauses, in_order(crew), strict=True))
    return _Driven(
        driven.starts,
        sum(min(NO_WAY, int(problem.seconds[here, there])) for here, there in pairwise(places)),
        sum(visit.promised is not None and at > visit.promised[1] for visit, at in made),
        sum(at > visit.latest or at + visit.service > crew.ends for visit, at in made),
        missed or driven.ends > crew.ends,
    )
