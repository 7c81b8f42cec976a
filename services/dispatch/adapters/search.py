"""The ports `Planner` and `Improver` by the search of `services.dispatch.planner`.

Insertion finds a first plan that is loyal to the stored one. Where it leaves somebody out, the
search goes on from there; once a plan holds, the search looks for a clearly better one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from services.dispatch.adapters import translation
from services.dispatch.adapters.translation import BONUS, PRIZE
from services.dispatch.domain import checker
from services.dispatch.domain.framing import explain_left
from services.dispatch.domain.problem import Draft, Problem, goes_on
from services.dispatch.domain.reasons import NO_TIME_LEFT
from services.dispatch.domain.resting import back_at
from services.dispatch.planner import (
    SOFT,
    STRONG,
    AnyOf,
    Cancelled,
    InvalidProblem,
    Iterations,
    Seconds,
    Stability,
    check,
    solve,
)
from services.dispatch.planner import Problem as Asked
from services.dispatch.planner.stop import StopRule
from services.dispatch.planner.valuation import stability_lost
from services.dispatch.ports.planning import Planner
from shared.logs import log

QUICK_SECONDS = 0.1
ENOUGH_PER_VISIT = 1000
LESS_DRIVING = 0.95
LOOK_SECONDS = 0.1
ROOM_FOR_ONE = 2
NOTICEABLE_POINTS = 0.5


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search: before a plan that people wait for, and in all."""

    quick: StopRule
    whole: StopRule

    @classmethod
    def of_seconds(cls, seconds: float) -> "Budget":
        """So many seconds in all, at most a tenth of one where people wait."""
        return cls(Seconds(min(QUICK_SECONDS, seconds)), Seconds(seconds))


class SearchPlanner:
    """Threads may share it: it keeps nothing between two calls."""

    def __init__(self, first: Planner, budget: Budget, seed: int = 1) -> None:
        self._first = first
        self._budget = budget
        self._seed = seed

    def plan(self, problem: Problem) -> Draft:
        """The first plan, or a better one where it leaves out a visit that could be made."""
        draft = self._first.plan(problem)
        if not _is_worth_a_search(problem, draft):
            return draft
        stop = self._budget.whole if problem.burst else self._budget.quick
        found = self._search(problem, draft, stop)
        return found if found and worth(problem, found) > worth(problem, draft) else draft

    def improve(self, problem: Problem, superseded: Callable[[], bool]) -> Draft | None:
        """A clearly better draft than the stored routes, near them; None where there is none."""
        if not problem.visits:
            return None
        stored = self._first.plan(problem)
        stop = AnyOf(self._budget.whole, Cancelled(_seldom(superseded)))
        found = self._search(problem, stored, stop)
        return found if found and clearly_better(problem, found, stored) else None

    def _search(self, problem: Problem, start: Draft, stop: StopRule) -> Draft | None:
        """What the search makes of a draft; it breaks promises only where policies let it."""
        rule = AnyOf(stop, Iterations(ENOUGH_PER_VISIT * len(problem.visits)))
        try:
            question = translation.asked(problem)
            keep = translation.kept(problem, *contract(problem, start))
            begin = translation.plan_of(question, start)
            plan = solve(question, rule, self._seed, start=begin, keep=keep)
        except InvalidProblem as fault:
            log().error("the search refused a problem", fault=str(fault))
            return None
        return translation.draft_of(problem, plan)


def contract(problem: Problem, start: Draft) -> tuple[Stability, int | None]:
    """The price of a promise, and how many may be broken: by the city's policy.

    Where none may be, a visit that must be made and has no room takes it from two others at most.
    """
    firmness = problem.aims.policies.stability
    if firmness == "soft":
        return SOFT, None
    if firmness == "strong":
        return STRONG, None
    return STRONG, ROOM_FOR_ONE * len(unmet(problem, start))


def unmet(problem: Problem, draft: Draft) -> frozenset[str]:
    """The visits that must be made and are not."""
    return frozenset(visit.id for visit in problem.visits if visit.must).intersection(draft.left)


def check_twice(
    problem: Problem, draft: Draft, asked: Callable[[Problem], Asked] = translation.asked
) -> list[str]:
    """Every rule that a draft breaks, by dispatch's checker and by the planner's own."""
    broken = checker.check(problem, draft)
    if broken:
        return broken
    question = asked(problem)
    return check(question, translation.plan_of(question, draft))


def points(draft: Draft) -> float:
    """What a draft's visits are worth where all count alike."""
    visits = sum(len(route) for route in draft.routes.values())
    return PRIZE * visits + BONUS * len(draft.visited)


def worth(problem: Problem, draft: Draft) -> tuple[int, float]:
    """How good a draft is: first by what must be made, then by points less broken promises."""
    made = -len(unmet(problem, draft))
    if problem.plain and problem.aims.policies.stability == "fixed":
        return made, points(draft)
    question = translation.asked(problem)
    plan = translation.plan_of(question, draft)
    keep = translation.kept(problem, *contract(problem, draft))
    return made, plan.score.points - stability_lost(keep, question, plan.routes)


def clearly_better(problem: Problem, new: Draft, old: Draft) -> bool:
    """Worth more, or as much with far less driving and no team busier than the busiest was."""
    first, second = worth(problem, new), worth(problem, old)
    if first[0] != second[0] or abs(first[1] - second[1]) >= NOTICEABLE_POINTS:
        return first > second
    less = driving(problem, new) <= LESS_DRIVING * driving(problem, old)
    return less and _busiest(new) <= _busiest(old)


def driving(problem: Problem, draft: Draft) -> int:
    """Seconds that all teams drive."""
    place = {visit.id: visit.place for visit in problem.visits}
    total = 0
    for crew in problem.crews:
        here, free = crew.place, crew.starts
        route = draft.routes.get(crew.team, ())
        for number, stop in enumerate(route):
            free = goes_on(draft, crew.team, number, free)
            total += problem.way(here, place[stop.visit], free)
            here, free = place[stop.visit], stop.leaves
        free = goes_on(draft, crew.team, len(route), free)
        total += back_at(problem, crew, here, free) - free
    return total


def _busiest(draft: Draft) -> int:
    return max((len(route) for route in draft.routes.values()), default=0)


def _is_worth_a_search(problem: Problem, draft: Draft) -> bool:
    """Whether a better plan can be: somebody is left out in vain, or areas count for something."""
    return bool(problem.aims.policies.stay_in) or _has_hope(problem, draft)


def _has_hope(problem: Problem, draft: Draft) -> bool:
    """Whether a visit is left out that some team could reach on an empty evening."""
    visits = {visit.id: visit for visit in problem.visits}
    return any(explain_left(problem, visits[left]) == NO_TIME_LEFT for left in draft.left)


def _seldom(
    flag: Callable[[], bool], clock: Callable[[], float] = time.monotonic
) -> Callable[[], bool]:
    """The flag, looked at ten times a second at most: it may ask a database."""
    looked = clock()

    def look() -> bool:
        nonlocal looked
        if clock() - looked < LOOK_SECONDS:
            return False
        looked = clock()
        return flag()

    return look
