"""What comes of it if a re-plan is not applied: stops nobody makes, hosts kept waiting. Pure."""

from collections.abc import Mapping, Sequence

from services.dispatch.domain.problem import Crew, Problem, TimedStop, Visit
from services.dispatch.domain.proposal import Loss
from services.dispatch.domain.resting import Call, Course, timed

NOTICED = 60


def loss_of(problem: Problem, stored: Mapping[str, tuple[TimedStop, ...]]) -> Loss:
    """What the stored routes come to as things stand."""
    visits = {visit.id: visit for visit in problem.visits}
    crews = {crew.team: crew for crew in problem.crews}
    unmade = sum(
        stop.visit in visits for t, stops in stored.items() if t not in crews for stop in stops
    )
    late, worst = 0, 0
    for team, stops in stored.items():
        if team not in crews:
            continue
        route = [visits[stop.visit] for stop in stops if stop.visit in visits]
        made = _made(problem, crews[team], route)
        unmade += len(route) - len(made)
        found = timed(problem, crews[team], [Call.of(visit) for visit in made])
        for visit, starts in zip(made, found.starts if found else (), strict=True):
            behind = starts - (visit.promised[1] if visit.promised else visit.latest)
            if behind > NOTICED:
                late, worst = late + 1, max(worst, behind)
    return Loss(unmade, late, _words(unmade, late, worst))


def _made(problem: Problem, crew: Crew, route: Sequence[Visit]) -> list[Visit]:
    """The visits that the crew still makes, in their order, breaks and the way back kept."""
    course, made = Course.begin(problem, crew), list[Visit]()
    for visit in route:
        further = course.serve(Call.of(visit))
        if further is not None and further.rests() is not None:
            course = further
            made.append(visit)
    return made


def _words(unmade: int, late: int, worst: int) -> str:
    said = []
    if unmade:
        said.append(f"{_many(unmade)} would not be made")
    if late:
        said.append(f"{_many(late)} would be late by up to {-(-worst // 60)} min")
    return f"{' and '.join(said)}." if said else "Nothing would be lost yet."


def _many(count: int) -> str:
    return "1 visit" if count == 1 else f"{count} visits"
