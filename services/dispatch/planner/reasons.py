"""Why a party is not visited: the cheapest ways in, and what each would cost.

Every way is tried out on the plan's own schedule, so each one that is named really works: put the
visit in as said, drop what is said to be dropped, and the checker finds nothing to complain about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.dispatch.planner.eligible import eligible_teams
from services.dispatch.planner.problem import Problem, Team
from services.dispatch.planner.result import Plan, Route
from services.dispatch.planner.rules import LockOrder, Together
from services.dispatch.planner.schedule import time_route, windows
from services.dispatch.planner.valuation import lacks, strays

MORE_TIME = tuple(minutes * 60 for minutes in (5, 10, 15, 20, 30, 45, 60))
"""Earlier starts and later ends that are tried, in seconds."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """One way to make a visit after all: the route that `team` would drive then.

    `drops` are the visits that it would no longer make; `earlier` and `later` the seconds by
    which its shift would have to begin sooner or end later; `cost` the points lost on balance,
    travel included; negative where the visit is worth more than it costs.
    """

    team: str
    visits: tuple[str, ...]
    cost: float
    drops: tuple[str, ...] = ()
    earlier: int = 0
    later: int = 0

    def __str__(self) -> str:
        if self.drops:
            return f"{self.team} by dropping {', '.join(self.drops)}"
        if self.earlier:
            return f"{self.team} by starting {self.earlier // 60} minutes earlier"
        if self.later:
            return f"{self.team} by ending {self.later // 60} minutes later"
        return f"{self.team} by driving further than the visit is worth"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one visit is not made: how many teams could at all, and their ways in, cheapest first."""

    visit: str
    party: str
    able: tuple[str, ...]
    ways: tuple[WayIn, ...]
    short: str

    def __str__(self) -> str:
        if not self.ways:
            return f"{self.visit}: {self.short}"
        who = "only " if len(self.able) == 1 else ""
        return f"{self.visit}: {who}{' or '.join(str(way) for way in self.ways[:2])}"


def explain(problem: Problem, plan: Plan, visits: Iterable[str] | None = None) -> list[Reason]:
    """Return the reasons of these visits, of all that the plan does not make where None.

    Takes about a millisecond per visit and able team.
    """
    wanted = None if visits is None else frozenset(visits)
    able, spans = eligible_teams(problem), windows(problem)
    return [
        _reason(problem, plan, left.visit, left.reason, able[left.visit], spans)
        for left in plan.unserved
        if wanted is None or left.visit in wanted
    ]


def _reason(
    problem: Problem,
    plan: Plan,
    visit: str,
    short: str,
    able: frozenset[str],
    spans: Mapping[str, tuple[int, int]],
) -> Reason:
    ways: list[WayIn] = []
    for team in problem.teams:
        if team.id in able and team.id in plan.by_team:
            ways += _ways(problem, team, plan, visit, spans)
    ways.sort(key=lambda way: (bool(way.earlier or way.later), way.cost, way.earlier + way.later))
    names = tuple(team.id for team in problem.teams if team.id in able)
    return Reason(visit, problem.party_of[visit].id, names, _best_of_each(ways), short)


def _best_of_each(ways: Sequence[WayIn]) -> tuple[WayIn, ...]:
    """Return the cheapest way by dropping and the one with the least more time, in that order."""
    dropping = [way for way in ways if not way.earlier and not way.later][:2]
    longer = sorted(
        (way for way in ways if way.earlier or way.later),
        key=lambda way: (way.earlier + way.later, way.cost),
    )[:1]
    return tuple(dropping[:1] + longer + dropping[1:])


def _ways(
    problem: Problem, team: Team, plan: Plan, visit: str, spans: Mapping[str, tuple[int, int]]
) -> list[WayIn]:
    route = plan.by_team[team.id]
    found = []
    for drops in ((), *((made,) for made in route.visits)):
        way = _fit(problem, team, plan, route, visit, drops, spans)
        if way is not None:
            found.append(way)
            if not drops:
                return found
    return found + _with_more_time(problem, team, plan, route, visit, spans)


def _with_more_time(
    problem: Problem,
    team: Team,
    plan: Plan,
    route: Route,
    visit: str,
    spans: Mapping[str, tuple[int, int]],
) -> list[WayIn]:
    found = []
    for seconds in MORE_TIME:
        longer = replace(team, starts=team.starts - seconds)
        way = _fit(problem, longer, plan, route, visit, (), spans)
        if way is not None:
            found.append(replace(way, earlier=seconds))
            break
    for seconds in MORE_TIME:
        longer = replace(team, shift_end=team.shift_end + seconds)
        way = _fit(problem, longer, plan, route, visit, (), spans)
        if way is not None:
            found.append(replace(way, later=seconds))
            break
    return found


def _fit(
    problem: Problem,
    team: Team,
    plan: Plan,
    route: Route,
    visit: str,
    drops: tuple[str, ...],
    spans: Mapping[str, tuple[int, int]],
) -> WayIn | None:
    """Return the cheapest way to put the visit in, the others keeping their order."""
    others = [made for made in route.visits if made not in drops]
    if team.most_stops is not None and len(others) >= team.most_stops:
        return None
    best: Route | None = None
    for place in range(len(others) + 1):
        visits = (*others[:place], visit, *others[place:])
        timed = time_route(problem, team, visits, spans)
        if timed and (best is None or timed.travel < best.travel):
            best = timed if _keeps_rules(problem, plan, timed) else best
    if best is None:
        return None
    cost = _points(problem, plan, route) - _points(problem, plan, best)
    cost += (best.travel - route.travel) / problem.seconds_per_point
    return WayIn(team.id, best.visits, round(cost, 3), drops)


def _points(problem: Problem, plan: Plan, route: Route) -> float:
    """Return what a route is worth beside the other routes: prizes and first visits."""
    elsewhere = {stop.party for r in plan.routes if r.team != route.team for stop in r.stops}
    own = {stop.party: problem.party_of[stop.visit] for stop in route.stops}
    first = sum(p.bonus for p in own.values() if p.id not in elsewhere and not p.visited)
    lost = problem.outside_penalty * strays(problem, route)
    lost += problem.lacking_penalty * lacks(problem, route)
    return first + sum(problem.visit_by_id[visit].prize for visit in route.visits) - lost


def _keeps_rules(problem: Problem, plan: Plan, route: Route) -> bool:
    made = set(route.visits)
    for rule in problem.rules:
        if isinstance(rule, LockOrder):
            locked = [visit for visit in route.visits if visit in rule.visits]
            if locked != [visit for visit in rule.visits if visit in locked]:
                return False
        if isinstance(rule, Together) and made & {rule.first, rule.second}:
            starts = {stop.visit: stop.starts for r in plan.routes for stop in r.stops}
            starts |= {stop.visit: stop.starts for stop in route.stops}
            a, b = starts.get(rule.first), starts.get(rule.second)
            if a is not None and b is not None and abs(a - b) > rule.within:
                return False
    return True
