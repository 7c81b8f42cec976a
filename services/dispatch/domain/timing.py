"""Drives a stored route through anew and says what of it can be kept. For planners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.dispatch.domain.problem import Crew, Problem, Visit


@dataclass(frozen=True, slots=True)
class Kept:
    """A visit that stays on its team's route, and the span within which it may start."""

    visit: Visit
    opens: int
    latest: int


def keep_feasible(problem: Problem, crew: Crew, wanted: Mapping[str, Visit]) -> list[Kept]:
    """The crew's stored stops that can keep what was told, in their order; others are left out.

    So a party that moves within the evening never moves the others of its route: it is left to
    the planner, which finds it the cheapest new place.
    """
    now, place = crew.starts, crew.place
    kept: list[Kept] = []
    for visit in _still_wanted(crew, wanted):
        found = _serve(visit, now + problem.way(place, visit.place, now), crew.ends)
        if found is None:
            continue
        kept.append(found[0])
        now, place = found[1], visit.place
    return kept


def _still_wanted(crew: Crew, wanted: Mapping[str, Visit]) -> Iterable[Visit]:
    known = (wanted[visit] for visit in crew.before if visit in wanted)
    return (visit for visit in known if crew.team in visit.teams)


def _serve(visit: Visit, reached: int, ends: int) -> tuple[Kept, int] | None:
    opens, latest = visit.kept_span
    starts = max(reached, opens)
    if starts > latest or starts + visit.service > ends:
        return None
    return Kept(visit, opens, latest), starts + visit.service
