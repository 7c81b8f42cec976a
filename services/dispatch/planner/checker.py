"""Checks any plan, ours or hand-made, against every rule. Shares no code with the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from services.dispatch.planner.problem import Problem, Team
from services.dispatch.planner.result import Plan, Route
from services.dispatch.planner.rules import Forbid, LockOrder, PinTeam, PinTime, Rule, Together
from services.dispatch.planner.travel import UNREACHABLE


def check(problem: Problem, plan: Plan) -> list[str]:
    """Return every rule that the plan breaks, in words; an empty list is a valid plan."""
    known = {visit.id for party in problem.parties for visit in party.visits}
    broken = list(_strangers(problem, plan, known))
    if broken:
        return broken
    broken += _accounts(plan, known)
    for route in plan.routes:
        broken += _route(problem, route)
    for rule in problem.rules:
        broken += _rule(plan, rule)
    broken += _score(problem, plan)
    return broken


def _strangers(problem: Problem, plan: Plan, known: set[str]) -> Iterator[str]:
    teams = {team.id for team in problem.teams}
    for route in plan.routes:
        if route.team not in teams:
            yield f"team {route.team} is not on duty"
        for stop in route.stops:
            if stop.visit not in known:
                yield f"{route.team}: visit {stop.visit} was not asked for"


def _accounts(plan: Plan, known: set[str]) -> Iterator[str]:
    made = Counter(stop.visit for route in plan.routes for stop in route.stops)
    left = Counter(unserved.visit for unserved in plan.unserved)
    routes = Counter(route.team for route in plan.routes)
    yield from (f"visit {v} is made {n} times" for v, n in made.items() if n > 1)
    yield from (f"visit {v} is both made and not made" for v in made.keys() & left.keys())
    yield from (f"visit {v} is forgotten" for v in sorted(known - made.keys() - left.keys()))
    yield from (f"team {t} has {n} routes" for t, n in routes.items() if n > 1)


def _route(problem: Problem, route: Route) -> Iterator[str]:
    team = next(team for team in problem.teams if team.id == route.team)
    if team.most_stops is not None and len(route.stops) > team.most_stops:
        yield f"{team.id} has {len(route.stops)} stops, {team.most_stops} are the most"
    for stop in route.stops:
        yield from _stop(problem, team, stop.visit, stop.starts, stop.leaves)
    yield from _movements(problem, team, route)
    yield from _pauses(team, route)


def _stop(problem: Problem, team: Team, visit_id: str, starts: int, leaves: int) -> Iterator[str]:
    where = f"{team.id} at {visit_id}"
    party = next(p for p in problem.parties if any(v.id == visit_id for v in p.visits))
    visit = next(v for v in party.visits if v.id == visit_id)
    lacking = ({visit.kind} if visit.kind else set()) | set(visit.skills)
    lacking -= team.offers
    if lacking:
        yield f"{where}: the team lacks {', '.join(sorted(lacking))}"
    if team.must_areas and party.area not in team.must_areas:
        yield f"{where}: area {party.area!r} is not one of the team's"
    if not visit.opens <= starts <= visit.latest_start:
        yield f"{where}: starts at {starts}, outside {visit.opens} to {visit.latest_start}"
    if leaves - starts < visit.service:
        yield f"{where}: stays {leaves - starts} s, the visit takes {visit.service}"


def _movements(problem: Problem, team: Team, route: Route) -> Iterator[str]:
    seconds = problem.travel.seconds
    place, free, driven = team.start_place, team.starts, 0
    legs = [(stop.visit, stop.place, stop.starts, stop.leaves) for stop in route.stops]
    if team.end_place is not None:
        legs.append(("the end place", team.end_place, team.shift_end, team.shift_end))
    for number, (name, target, starts, leaves) in enumerate(legs):
        paused = sum(p.ends - p.starts for p in route.pauses if p.after == number)
        way = int(seconds[place, target])
        if way == UNREACHABLE:
            yield f"{team.id}: there is no way to {name}"
        elif free + paused + way > starts:
            yield f"{team.id}: reaches {name} at {free + paused + way}, too late for {starts}"
        place, free, driven = target, leaves, driven + way
    if team.end_place is None and free > team.shift_end:
        yield f"{team.id}: works until {free}, the shift ends at {team.shift_end}"
    if driven != route.travel:
        yield f"{team.id}: drives {driven} s, the plan says {route.travel}"


def _pauses(team: Team, route: Route) -> Iterator[str]:
    taken = sorted(route.pauses, key=lambda pause: pause.starts)
    if len(taken) != len(team.breaks):
        yield f"{team.id}: takes {len(taken)} breaks, {len(team.breaks)} are due"
        return
    due = sorted(team.breaks, key=lambda pause: (pause.latest_start, pause.opens))
    for pause, wanted in zip(taken, due, strict=True):
        if not wanted.opens <= pause.starts <= wanted.latest_start:
            yield f"{team.id}: breaks at {pause.starts}, not {wanted.opens}-{wanted.latest_start}"
        if pause.ends - pause.starts < wanted.seconds:
            yield f"{team.id}: a break of {pause.ends - pause.starts} s is too short"
        if pause.after and pause.starts < route.stops[pause.after - 1].leaves:
            yield f"{team.id}: breaks before it has left stop {pause.after}"


def _rule(plan: Plan, rule: Rule) -> Iterator[str]:
    at = {s.visit: (r.team, s.starts) for r in plan.routes for s in r.stops}
    match rule:
        case PinTeam(visit=visit, team=team) if visit in at and at[visit][0] != team:
            yield f"{visit} is pinned to {team}, not to {at[visit][0]}"
        case PinTime(visit=visit, earliest=a, latest=b) if visit in at:
            if not a <= at[visit][1] <= b:
                yield f"{visit} is pinned to {a}-{b}, it starts at {at[visit][1]}"
        case Forbid(visit=visit, team=None) if visit in at:
            yield f"{visit} is not to be visited"
        case Forbid(visit=visit, team=team) if visit in at and at[visit][0] == team:
            yield f"{visit} is not to be visited by {team}"
        case LockOrder():
            yield from _lock(plan, rule)
        case Together(first=a, second=b, within=within) if a in at and b in at:
            if abs(at[a][1] - at[b][1]) > within:
                yield f"{a} and {b} start {abs(at[a][1] - at[b][1])} s apart, not {within}"


def _lock(plan: Plan, rule: LockOrder) -> Iterator[str]:
    for route in plan.routes:
        locked = [stop.visit for stop in route.stops if stop.visit in rule.visits]
        if route.team != rule.team:
            yield from (f"{v} is locked to {rule.team}, not to {route.team}" for v in locked)
            continue
        if locked != [visit for visit in rule.visits if visit in locked]:
            yield f"{rule.team}: {', '.join(locked)} are out of their locked order"
        if rule.only and len(locked) != len(route.stops):
            yield f"{rule.team}: makes other visits than its fixed order"


def _score(problem: Problem, plan: Plan) -> Iterator[str]:
    prize, seen, per_area = 0.0, set(), Counter[str]()
    first = 0.0
    for route in plan.routes:
        for stop in route.stops:
            party = next(p for p in problem.parties if p.id == stop.party)
            prize += next(v.prize for v in party.visits if v.id == stop.visit)
            if not party.visited and party.id not in seen:
                seen.add(party.id)
                first += party.bonus
                per_area[party.area] += 1
    areas = sum(sum(problem.area_bonus.get(a, ())[:n]) for a, n in per_area.items())
    told = plan.score.prize + plan.score.first_visits + plan.score.areas
    if abs(prize + first + areas - told) > 1e-6 * max(1.0, told):
        yield f"the plan is worth {prize + first + areas:g} points, it says {told:g}"
