"""The port `Replanner` by the planner's own re-plan: repairs at once, improves, gives reasons."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from services.dispatch.adapters import translation
from services.dispatch.adapters.search import ROOM_FOR_ONE, unmet
from services.dispatch.domain.problem import Draft, Problem, TimedStop
from services.dispatch.domain.revision import LEFT, Revised, Revision
from services.dispatch.planner import (
    SOFT,
    STRONG,
    AnyOf,
    Cancelled,
    InvalidProblem,
    Iterations,
    Seconds,
    Stability,
)
from services.dispatch.planner import Problem as Asked
from services.dispatch.planner import Team as AskedTeam
from services.dispatch.planner.changes import Change
from services.dispatch.planner.replan import Position, replan
from services.dispatch.planner.result import Plan
from services.dispatch.planner.stop import StopRule
from shared.logs import log

ENOUGH_PER_VISIT = 1000
Translate = Callable[[Problem], Asked]


@dataclass(frozen=True, slots=True)
class SearchReplanner:
    """Threads may share it. `quick` is for an answer at once, `whole` for a better one."""

    quick: StopRule
    whole: StopRule
    seed: int = 1
    asked: Translate = translation.asked

    @classmethod
    def of_seconds(cls, seconds: float, asked: Translate = translation.asked) -> "SearchReplanner":
        """A twentieth of a second for the answer, then so many seconds; 0: repair alone."""
        if not seconds:
            return cls(Iterations(0), Iterations(0), asked=asked)
        return cls(Seconds(min(0.05, seconds)), Seconds(seconds), asked=asked)

    def replan(
        self,
        problem: Problem,
        stored: Mapping[str, tuple[TimedStop, ...]],
        known: Collection[str],
        superseded: Callable[[], bool] | None = None,
    ) -> Revision | None:
        """The revised draft; `known` are the parties that the stored plan had looked at.

        With `superseded` it thinks longer, until that says to stop.
        """
        stop = AnyOf(self.whole, Cancelled(superseded)) if superseded else self.quick
        stop = AnyOf(stop, Iterations(ENOUGH_PER_VISIT * max(1, len(problem.visits))))
        try:
            return self._replan(problem, stored, known, stop)
        except InvalidProblem as fault:
            log().error("the re-plan refused a problem", fault=str(fault))
            return None

    def _replan(
        self,
        problem: Problem,
        stored: Mapping[str, tuple[TimedStop, ...]],
        known: Collection[str],
        stop: StopRule,
    ) -> Revision:
        question = self.asked(problem)
        on_duty = {team.id for team in question.teams}
        if not on_duty or not question.parties:
            return _nobody(problem, stored)
        gone = tuple(AskedTeam(team, 0, 0, 0) for team in stored if team not in on_duty)
        question = replace(question, teams=(*question.teams, *gone))
        old = _old(question, stored, known)
        ready = question.teams[: len(on_duty)]
        positions = [Position(team.id, team.starts, team.start_place) for team in ready]

        stability, most = _contract(problem, old)
        promises = translation.kept(problem, stability, most).promises
        revision = replan(question, old, positions, stop, self.seed, promises, stability, most)
        draft = translation.draft_of(problem, revision.plan)
        routes = {t: stops for t, stops in draft.routes.items() if t in on_duty}
        return Revision(
            Draft(routes, draft.left, draft.pauses),
            tuple(_revised(change) for change in revision.changes),
            revision.plan.score.points,
        )


def _nobody(problem: Problem, stored: Mapping[str, Sequence[TimedStop]]) -> Revision:
    """Where no team is left, or nothing is asked for, nothing is made."""
    on_duty = {crew.team for crew in problem.crews}
    dropped = tuple(
        Revised(
            *(stop.party, "dropped", f"{team} is not available", True),
            old_team=team,
            old_starts=stop.starts,
        )
        for team, stops in stored.items()
        if team not in on_duty
        for stop in stops
    )
    left = tuple(visit.id for visit in problem.visits)
    return Revision(Draft(dict.fromkeys(on_duty, ()), left), dropped)


def _old(
    question: Asked, stored: Mapping[str, Sequence[TimedStop]], known: Collection[str]
) -> Plan:
    """The stored stops as a plan, those that are asked for no more left out."""
    asked = question.visit_by_id
    routes = {team: tuple(s for s in stops if s.visit in asked) for team, stops in stored.items()}
    made = {stop.visit for stops in routes.values() for stop in stops}
    left = tuple(
        visit for visit in asked if visit not in made and question.party_of[visit].id in known
    )
    return translation.plan_of(question, Draft(routes, left))


def _contract(problem: Problem, old: Plan) -> tuple[Stability, int | None]:
    """The price of a promise, and how many may be broken, by the city's policy."""
    firmness = problem.aims.policies.stability
    if firmness == "soft":
        return SOFT, None
    if firmness == "strong":
        return STRONG, None
    left = tuple(visit.id for visit in problem.visits if visit.id not in old.stop_of)
    return STRONG, ROOM_FOR_ONE * len(unmet(problem, Draft({}, left)))


def _revised(change: Change) -> Revised:
    return Revised(
        change.party,
        change.kind,
        change.reason,
        change.promised,
        change.old_team or LEFT,
        change.new_team or LEFT,
        change.old_starts,
        change.new_starts,
    )
