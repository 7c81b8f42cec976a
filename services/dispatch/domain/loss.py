"""What comes of it if a re-plan is not applied: stops nobody makes, hosts kept waiting. Pure."""

from collections.abc import Mapping

from services.dispatch.domain.problem import NO_WAY, Problem, TimedStop
from services.dispatch.domain.proposal import Loss

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
        crew = crews[team]
        place, free = crew.place, crew.starts
        for stop in stops:
            visit = visits.get(stop.visit)
            if visit is None:
                continue
            way = int(problem.seconds[place, visit.place])
            starts = max(free + min(way, NO_WAY), visit.opens)
            behind = starts - (visit.promised[1] if visit.promised else visit.latest)
            if starts > visit.latest or starts + visit.service > crew.ends:
                unmade += 1
                continue
            if behind > NOTICED:
                late, worst = late + 1, max(worst, behind)
            place, free = visit.place, starts + visit.service
    return Loss(unmade, late, _words(unmade, late, worst))


def _words(unmade: int, late: int, worst: int) -> str:
    said = []
    if unmade:
        said.append(f"{_many(unmade)} would not be made")
    if late:
        said.append(f"{_many(late)} would be late by up to {-(-worst // 60)} min")
    return f"{' and '.join(said)}." if said else "Nothing would be lost yet."


def _many(count: int) -> str:
    return "1 visit" if count == 1 else f"{count} visits"
