"""A city's plan as a draft, with what it costs to make and why it leaves parties out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.dispatch.adapters import translation
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.search import contract
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.framing import Frame, frame
from services.dispatch.domain.problem import Draft, Problem
from services.dispatch.planner import SOFT, InvalidProblem, Progress, Stability, solve
from services.dispatch.planner import Problem as Asked
from services.dispatch.planner.compare import Figures, figures
from services.dispatch.planner.forecast import Forecast, forecast
from services.dispatch.planner.reasons import Reason, explain
from services.dispatch.planner.result import Plan
from services.dispatch.planner.stop import StopRule
from services.dispatch.ports.planning import Times, TravelTimes
from shared.failures import Permanent


@dataclass(frozen=True, slots=True)
class Wish:
    """How a draft is to be made; `changes` is how many promises it may break, None: as many."""

    stop: StopRule
    seed: int = 1
    changes: int | None = 0


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, the question that it answers, and the same as the search sees them."""

    framed: Frame
    times: Times
    problem: Problem
    draft: Draft
    question: Asked
    plan: Plan

    @property
    def figures(self) -> Figures:
        """What the plan amounts to."""
        return figures(self.question, self.plan)

    @property
    def second_visits(self) -> int:
        """Visits to parties that have another one."""
        stops = Counter(stop.party for route in self.plan.routes for stop in route.stops)
        return sum(stops.values()) - len(stops)

    def broken_promises(self) -> int:
        """Hosts who were told of a visit that this draft makes otherwise, or not at all."""
        at = self.plan.stop_of
        promises = translation.kept(self.problem, SOFT, None).promises
        return sum(
            p.visit not in at or at[p.visit][0] != p.team or not p.is_on_time(at[p.visit][1].starts)
            for p in promises
        )

    def reasons(self) -> list[Reason]:
        """Why parties are left out, with the cheapest ways in."""
        missed = {v.party: v.visit for v in self.plan.unserved}
        return explain(
            self.question,
            self.plan,
            [v for party, v in missed.items() if party not in self.plan.parties_visited],
        )


def draft_evening(
    evening: Evening,
    travel: TravelTimes,
    wish: Wish,
    progress: Callable[[Progress], None] | None = None,
    begin: Draft | None = None,
) -> Drafted:
    """A draft of the city's present state; raises `Permanent` where nothing can be planned.

    It goes on from the stored plan, or from the draft `begin`; whatever in it no longer works is
    repaired first.
    """
    framed = frame(evening)
    times = travel.times(framed.places)
    problem = framed.problem(times.seconds, times.hours)
    asked_again = problem if wish.changes is not None else _afresh(evening, times)
    question = _question(evening, problem)
    first = Insertion().plan(_continued(asked_again, begin) if begin else asked_again)
    start = translation.plan_of(question, first)
    keep = translation.kept(asked_again, *_contract(problem, first, wish))
    plan = solve(question, wish.stop, wish.seed, start=start, keep=keep, progress=progress)
    return Drafted(framed, times, problem, translation.draft_of(problem, plan), question, plan)


def promise_more(drafted: Drafted, wish: Wish) -> Forecast:
    """What these teams and one more could promise, on an evening that nobody was told of yet."""
    return forecast(drafted.question, wish.stop, wish.seed)


def _contract(problem: Problem, first: Draft, wish: Wish) -> tuple[Stability, int | None]:
    """What a promise costs and how many may be broken: as wished, else by the city's policy."""
    price, most = contract(problem, first)
    firm = problem.aims.policies.stability == "fixed"
    if wish.changes is None or not firm:
        return (SOFT if firm else price), None
    return SOFT, wish.changes + (most or 0)


def _continued(problem: Problem, begin: Draft) -> Problem:
    """The problem as if the draft were the stored plan."""
    routes = {team: tuple(s.visit for s in stops) for team, stops in begin.routes.items()}
    crews = tuple(replace(crew, before=routes.get(crew.team, ())) for crew in problem.crews)
    return replace(problem, crews=crews)


def _afresh(evening: Evening, times: Times) -> Problem:
    return frame(replace(evening, routes={}, told={})).problem(times.seconds, times.hours)


def _question(evening: Evening, problem: Problem) -> Asked:
    names = {team.id: team.name for team in evening.teams}
    try:
        return translation.asked(problem, names)
    except InvalidProblem as fault:
        raise Permanent(f"{evening.city.name} cannot be planned: {fault}.") from fault
