"""Live re-plan: what is done and each team's next stop stand; the rest is planned anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from services.dispatch.planner.changes import Change, list_changes
from services.dispatch.planner.keep import SOFT, Keep, Promise, Stability
from services.dispatch.planner.near import TEAMS, around
from services.dispatch.planner.problem import Party, Problem, Team, narrowed
from services.dispatch.planner.result import Plan, Route, Stop
from services.dispatch.planner.rules import LockOrder, PinTeam, Rule, Together
from services.dispatch.planner.search import Progress
from services.dispatch.planner.solve import solve
from services.dispatch.planner.stop import StopRule
from services.dispatch.planner.travel import UNREACHABLE

TIGHT = 0.02
"""Share of the budget that may pass before the search is built; else only part of it is built."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a team is: `settled` stops are done or on their way; it is free at a place and time.

    Teams without a position are no longer on duty. `pauses` counts the breaks already taken.
    """

    team: str
    free_at: int
    place: int
    settled: tuple[Stop, ...] = ()
    pauses: int = 0


@dataclass(frozen=True)
class Revision:
    """A re-plan: the plan of what is left, the problem it answers, and every change with why."""

    plan: Plan
    problem: Problem
    changes: tuple[Change, ...]

    @property
    def changed_promises(self) -> int:
        """How many promised visits are dropped, moved out of their window or handed over."""
        return sum(change.promised for change in self.changes)


def positions_at(
    problem: Problem,
    plan: Plan,
    now: int,
    lost: Iterable[str] = (),
    late: Mapping[str, int] | None = None,
) -> tuple[Position, ...]:
    """Return where a plan's teams are at `now` if all goes as planned, but for these events.

    `lost` teams leave duty; `late` teams run so many seconds behind. The stop that a team is at
    or drives to counts as settled.
    """
    gone, behind = frozenset(lost), late or {}
    return tuple(
        _position(problem.team_by_id[route.team], route, now, behind.get(route.team, 0))
        for route in plan.routes
        if route.team not in gone
    )


def _position(team: Team, route: Route, now: int, late: int) -> Position:
    started = [stop for stop in route.stops if stop.starts - stop.wait - stop.travel + late <= now]
    if not started:
        return Position(team.id, max(now, team.starts) + late, team.start_place)
    settled = (*started[:-1], _delayed(started[-1], late))
    pauses = sum(pause.after < len(settled) for pause in route.pauses)
    return Position(team.id, max(now, settled[-1].leaves), settled[-1].place, settled, pauses)


def _delayed(stop: Stop, late: int) -> Stop:
    arrives = stop.arrives + late
    starts = max(arrives, stop.starts)
    return replace(stop, arrives=arrives, starts=starts, leaves=starts + stop.leaves - stop.starts)


def replan(
    problem: Problem,
    plan: Plan,
    positions: Iterable[Position],
    stop: StopRule,
    seed: int = 0,
    promises: Iterable[Promise] = (),
    stability: Stability = SOFT,
    most_changed: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    teams: int | None = None,
) -> Revision:
    """Repair `plan` at once, improve it until `stop`, and list what changed and why.

    `problem` is the whole evening as it now is (parties added or withdrawn). At most
    `most_changed` promises change, besides those that the event itself has made impossible.
    Only so many `teams` nearest to the event are planned anew; None: all, unless time is short.
    """
    running = stop.begin()
    where = {position.team: position for position in positions}
    rest = remaining(problem, where)
    settled = {stop.visit for position in where.values() for stop in position.settled}
    open_promises = tuple(promise for promise in promises if promise.visit not in settled)
    keep = Keep(open_promises, stability, most_changed, _touched(rest, plan, where, settled))
    hurried = running.share(0) > TIGHT
    part = around(rest, plan, keep.touched, teams or TEAMS) if teams or hurried else None
    if part is None:
        revised = solve(rest, running, seed, plan, keep, progress)
    else:
        revised = part.put_back(
            solve(part.problem, running, seed, plan, keep, progress), plan, keep
        )
    changes = list_changes(plan, revised, rest, open_promises, settled)
    return Revision(revised, rest, changes)


def remaining(problem: Problem, positions: Mapping[str, Position]) -> Problem:
    """Return the problem of what is left: settled visits out, teams where they come free."""
    settled = {stop.visit: stop for p in positions.values() for stop in p.settled}
    seen = {stop.party for stop in settled.values()}
    tied = _ties(problem, settled)
    return narrowed(
        problem,
        tuple(_left(party, settled, seen, tied) for party in problem.parties),
        tuple(
            _team(problem, team, positions[team.id])
            for team in problem.teams
            if team.id in positions
        ),
        tuple(_rules(problem, settled, positions)),
    )


def _left(
    party: Party,
    settled: Mapping[str, Stop],
    seen: set[str],
    tied: Mapping[str, tuple[int, int]],
) -> Party:
    if party.id not in seen:
        return party
    visits = tuple(visit for visit in party.visits if visit.id not in settled)
    for visit_id, (opens, latest) in tied.items():
        visits = tuple(
            replace(v, opens=max(v.opens, opens), latest_start=min(v.latest_start, latest))
            if v.id == visit_id and max(v.opens, opens) <= min(v.latest_start, latest)
            else v
            for v in visits
        )
    return replace(party, visits=visits, visited=True)


def _ties(problem: Problem, settled: Mapping[str, Stop]) -> dict[str, tuple[int, int]]:
    """Return the window left to each visit whose partner has settled."""
    tied = {}
    for rule in problem.rules:
        if isinstance(rule, Together):
            for a, b in ((rule.first, rule.second), (rule.second, rule.first)):
                if a in settled and b not in settled:
                    starts = settled[a].starts
                    tied[b] = (starts - rule.within, starts + rule.within)
    return tied


def _team(problem: Problem, team: Team, position: Position) -> Team:
    """Return the team as it comes free; what is settled may keep it beyond its shift."""
    due = sorted(team.breaks, key=lambda pause: (pause.latest_start, pause.opens))
    due = due[position.pauses :]
    free, way = position.free_at, 0
    breaks = []
    for pause in due:
        starts = max(free, pause.opens)
        breaks.append(replace(pause, latest_start=max(pause.latest_start, starts)))
        free = starts + pause.seconds
    if team.end_place is not None:
        way = problem.travel.between(position.place, team.end_place, free)
    most = team.most_stops
    return replace(
        team,
        start_place=position.place,
        starts=position.free_at,
        shift_end=max(team.shift_end, free + (0 if way == UNREACHABLE else way)),
        end_place=None if way == UNREACHABLE else team.end_place,
        most_stops=None if most is None else max(0, most - len(position.settled)),
        breaks=tuple(breaks),
    )


def _rules(
    problem: Problem, settled: Mapping[str, Stop], positions: Mapping[str, Position]
) -> Iterable[Rule]:
    """Return the rules that still speak of something; a pin to a lost team is void."""
    for rule in problem.rules:
        match rule:
            case LockOrder(team=team, visits=visits):
                if team in positions:
                    yield replace(rule, visits=tuple(v for v in visits if v not in settled))
            case Together(first=first, second=second):
                if first not in settled and second not in settled:
                    yield rule
            case PinTeam(visit=visit, team=team):
                if visit not in settled and team in positions:
                    yield rule
            case _:
                of = getattr(rule, "team", None)
                if rule.visit not in settled and (of is None or of in positions):
                    yield rule


def _touched(
    rest: Problem, plan: Plan, where: Mapping[str, Position], settled: set[str]
) -> frozenset[str]:
    """Return the visits that the event touches: new ones, and those on routes that it broke."""
    known = {left.visit for left in plan.unserved} | plan.stop_of.keys()
    touched = {visit.id for visit in rest.visits if visit.id not in known}
    for route in plan.routes:
        withdrawn = any(v not in rest.visit_by_id and v not in settled for v in route.visits)
        if withdrawn or _is_late(route, where.get(route.team)):
            touched |= set(route.visits)
    return frozenset(touched - settled)


def _is_late(route: Route, position: Position | None) -> bool:
    """Say whether a team is gone or comes free later than the plan had it."""
    if position is None:
        return True
    planned = {stop.visit: stop.leaves for stop in route.stops}
    return any(stop.leaves > planned.get(stop.visit, stop.leaves) for stop in position.settled)
