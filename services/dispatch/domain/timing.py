"""Drives a stored route through anew and says what of it can be kept. For planners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.dispatch.domain.problem import Crew, Lock, Problem, Visit
from services.dispatch.domain.resting import Call, Course


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
    course = Course.begin(problem, crew)
    kept: list[Kept] = []
    for visit in _in_order(problem, crew, _still_wanted(crew, wanted)):
        if len(kept) == crew.most_stops:
            break
        opens, latest = visit.kept_span
        further = course.serve(Call(visit.place, opens, latest, visit.service))
        if further is None or further.rests() is None:
            continue
        kept.append(Kept(visit, opens, latest))
        course = further
    return kept


def _still_wanted(crew: Crew, wanted: Mapping[str, Visit]) -> Iterable[Visit]:
    known = (wanted[visit] for visit in crew.before if visit in wanted)
    return (visit for visit in known if crew.team in visit.teams)


Order = Mapping[str, int]
"""The place of each visit whose order on a route is settled."""


def orders(problem: Problem, team: str) -> tuple[Order, ...]:
    """The settled orders of the team."""
    locks = (rule for rule in problem.rules if isinstance(rule, Lock) and rule.team == team)
    return tuple({visit: rank for rank, visit in enumerate(lock.visits)} for lock in locks)


def _in_order(problem: Problem, crew: Crew, visits: Iterable[Visit]) -> Iterable[Visit]:
    """The visits without those that come too early for a settled order."""
    settled = orders(problem, crew.team)
    seen: dict[int, int] = {}
    for visit in visits:
        places = {n: order[visit.id] for n, order in enumerate(settled) if visit.id in order}
        if all(seen.get(n, -1) < place for n, place in places.items()):
            seen |= places
            yield visit
