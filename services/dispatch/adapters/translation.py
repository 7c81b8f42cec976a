"""Dispatch's planning problem and its answer in the search's words, and back. For adapters."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from services.dispatch.domain.problem import (
    NO_WAY,
    Aims,
    Crew,
    Draft,
    Lock,
    Matrix,
    Problem,
    TimedPause,
    TimedStop,
    Visit,
    goes_on,
)
from services.dispatch.planner import UNREACHABLE, Keep, LockOrder, Promise, Stability, Travel
from services.dispatch.planner import Party as AskedParty
from services.dispatch.planner import Problem as Asked
from services.dispatch.planner import Stop as Planned
from services.dispatch.planner import Team as AskedTeam
from services.dispatch.planner import Visit as AskedVisit
from services.dispatch.planner.policies import (
    History,
    equity_between_areas,
    first_come_first_served,
    new_and_long_absent_first,
)
from services.dispatch.planner.problem import Break as AskedBreak
from services.dispatch.planner.result import Pause, Plan, Route, Unserved
from services.dispatch.planner.valuation import value

_SPEAKS = "speaks "
PRIZE, BONUS = 5.0, 10.0
"""Points for any visit, and on top of them for a party's first where the city says nothing else."""


def asked(problem: Problem, names: Mapping[str, str] | None = None) -> Asked:
    """The problem as the search reads it, the city's policies included; `names` are for show."""
    policies, areas = problem.aims.policies, problem.aims.areas
    groups = _groups(problem.visits)
    by_party: dict[str, list[Visit]] = {}
    for visit in problem.visits:
        by_party.setdefault(visit.party, []).append(visit)
    parties = tuple(
        AskedParty(
            party,
            visits[0].place,
            tuple(_visit(visit, groups) for visit in visits),
            bonus=policies.first_visit_bonus,
            area=areas.get(party, ""),
        )
        for party, visits in by_party.items()
    )
    teams = tuple(_team(crew, groups, names or {}) for crew in problem.crews)
    question = Asked(
        parties,
        teams,
        _travel(problem),
        tuple(_locks(problem, {visit.id for visit in problem.visits})),
        outside_penalty=policies.stay_in_points if policies.stay_in else 0.0,
        lacking_penalty=policies.language_points,
    )
    return _weighted(question, problem.aims)


class Newest:
    """Translates, and keeps its newest answer: what was planned is checked a moment later.

    Threads may share it.
    """

    def __init__(self) -> None:
        self._newest: tuple[Problem, Asked] | None = None

    def __call__(self, problem: Problem) -> Asked:
        """The very problem's question, made once."""
        newest = self._newest
        if newest is None or newest[0] is not problem:
            newest = self._newest = (problem, asked(problem))
        return newest[1]


def _travel(problem: Problem) -> Travel:
    bands = [(band.begins, _streets(band.seconds)) for band in problem.bands]
    return Travel(_streets(problem.seconds), bands)


def _streets(matrix: Matrix) -> npt.NDArray[np.int32]:
    seconds = np.array(matrix, dtype=np.int32)
    return np.where(seconds >= NO_WAY, np.int32(UNREACHABLE), seconds)


def _locks(problem: Problem, made: Collection[str]) -> Iterable[LockOrder]:
    """Settled orders; whatever else is a rule is in the visits' teams and spans."""
    for rule in problem.rules:
        if isinstance(rule, Lock):
            order = tuple(visit for visit in rule.visits if visit in made)
            yield LockOrder(rule.team, order, rule.only)


def _weighted(question: Asked, aims: Aims) -> Asked:
    policies = aims.policies
    known = {
        party.id: History(aims.turns.get(party.id, 0), aims.absent.get(party.id))
        for party in question.parties
    }
    if policies.first_come_first_served:
        share = policies.first_come_first_served
        question = first_come_first_served(question, known, share).problem
    if policies.new_or_absent_factor != 1.0:
        years, factor = policies.absent_years, policies.new_or_absent_factor
        question = new_and_long_absent_first(question, known, years, factor).problem
    if policies.equity_points:
        question = equity_between_areas(question, policies.equity_points).problem
    return question


def _groups(visits: Iterable[Visit]) -> dict[frozenset[str], str]:
    """A word for each set of teams, which visits ask for and its teams offer."""
    groups: dict[frozenset[str], str] = {}
    for visit in visits:
        groups.setdefault(visit.teams, f"group {len(groups) + 1}")
    return groups


def _visit(visit: Visit, groups: Mapping[frozenset[str], str]) -> AskedVisit:
    window = (visit.opens, visit.latest, visit.service)
    likes = frozenset({_SPEAKS + visit.language} if visit.language else ())
    kind = groups[visit.teams]
    return AskedVisit(visit.id, *window, prize=PRIZE, kind=kind, must=visit.must, likes=likes)


def _team(crew: Crew, groups: Mapping[frozenset[str], str], names: Mapping[str, str]) -> AskedTeam:
    offers = frozenset(word for teams, word in groups.items() if crew.team in teams)
    offers |= {_SPEAKS + language for language in crew.speaks}
    ends = max(crew.starts, crew.ends)
    name = names.get(crew.team, "")
    return AskedTeam(
        crew.team,
        crew.place,
        crew.starts,
        ends,
        offers=offers,
        name=name,
        most_stops=crew.most_stops,
        prefer_areas=crew.prefers,
        end_place=crew.end,
        breaks=tuple(AskedBreak(due.opens, due.latest, due.seconds) for due in crew.breaks),
    )


def kept(problem: Problem, stability: Stability, most_changed: int | None) -> Keep:
    """The promises made to hosts: the team, and a start within the window that they were told."""
    promises = tuple(
        Promise(visit.id, visit.promised_to, (opens + closes) // 2, (closes - opens) // 2)
        for visit in problem.visits
        if visit.promised
        for opens, closes in [visit.promised]
    )
    return Keep(promises, stability, most_changed)


def plan_of(question: Asked, draft: Draft) -> Plan:
    """A draft as the search's plan, with its own times."""
    routes = tuple(_route(question, team, draft) for team in question.teams)
    left = (question.visit_by_id[visit] for visit in draft.left)
    unserved = tuple(Unserved(v.id, question.party_of[v.id].id, "no room") for v in left)
    return Plan(routes, unserved, value(question, routes))


def _route(question: Asked, team: AskedTeam, draft: Draft) -> Route:
    place, free = team.start_place, team.starts
    stops = []
    for number, stop in enumerate(draft.routes.get(team.id, ())):
        there = question.party_of[stop.visit].place
        free = goes_on(draft, team.id, number, free)
        way = question.travel.between(place, there, free)
        times = (way, free + way, stop.starts, stop.leaves)
        stops.append(Planned(stop.visit, stop.party, there, *times))
        place, free = there, stop.leaves
    free = goes_on(draft, team.id, len(stops), free)
    home = 0 if team.end_place is None else question.travel.between(place, team.end_place, free)
    pauses = tuple(Pause(p.after, p.starts, p.ends) for p in draft.pauses.get(team.id, ()))
    travel = sum(stop.travel for stop in stops) + home
    return Route(team.id, tuple(stops), pauses, travel, free + home)


def draft_of(problem: Problem, plan: Plan) -> Draft:
    """The search's plan as a draft."""
    kind = {visit.id: visit.kind for visit in problem.visits}
    routes = {
        route.team: tuple(
            TimedStop(stop.party, stop.starts, stop.leaves, kind[stop.visit])
            for stop in route.stops
        )
        for route in plan.routes
    }
    pauses = {
        route.team: tuple(TimedPause(p.after, p.starts, p.ends) for p in route.pauses)
        for route in plan.routes
        if route.pauses
    }
    return Draft(routes, tuple(left.visit for left in plan.unserved), pauses)
