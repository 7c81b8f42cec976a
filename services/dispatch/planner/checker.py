"""Checks any plan, ours or hand-made, against every rule. Shares no code with the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from services.dispatch.planner.problem import Party, Problem, Team, Visit
from services.dispatch.planner.result import Plan, Route, Stop
from services.dispatch.planner.rules import Forbid, LockOrder, PinTeam, PinTime, Rule, Together
from services.dispatch.planner.travel import UNREACHABLE, Travel

Asked = Mapping[str, tuple[Party, Visit]]


def check(problem: Problem, plan: Plan) -> list[str]:
    """Return every rule that the plan breaks, in words; an empty list is a valid plan."""
    asked = {visit.id: (party, visit) for party in problem.parties for visit in party.visits}
    broken = list(_strangers(problem, plan, asked))
    if broken:
        return broken
    broken += _accounts(plan, asked)
    teams = {team.id: team for team in problem.teams}
    for route in plan.routes:
        broken += _route(problem, asked, teams[route.team], route)
    for rule in problem.rules:
        broken += _rule(plan, rule)
    broken += _score(problem, asked, plan)
    return broken


def _strangers(problem: Problem, plan: Plan, asked: Asked) -> Iterator[str]:
    teams = {team.id for team in problem.teams}
    for route in plan.routes:
        if route.team not in teams:
            yield f"team {route.team} is not on duty"
        for stop in route.stops:
            if stop.visit not in asked:
                yield f"{route.team}: visit {stop.visit} was not asked for"


def _accounts(plan: Plan, asked: Asked) -> Iterator[str]:
    made = Counter(stop.visit for route in plan.routes for stop in route.stops)
    left = Counter(unserved.visit for unserved in plan.unserved)
    routes = Counter(route.team for route in plan.routes)
    yield from (f"visit {v} is made {n} times" for v, n in made.items() if n > 1)
    yield from (f"visit {v} is both made and not made" for v in made.keys() & left.keys())
    yield from (f"visit {v} is forgotten" for v in sorted(asked.keys() - made.keys() - left.keys()))
    yield from (f"team {t} has {n} routes" for t, n in routes.items() if n > 1)


def _route(problem: Problem, asked: Asked, team: Team, route: Route) -> Iterator[str]:
    if team.most_stops is not None and len(route.stops) > team.most_stops:
        yield f"{team.id} has {len(route.stops)} stops, {team.most_stops} are the most"
    for stop in route.stops:
        yield from _stop(*asked[stop.visit], team, stop)
    yield from _movements(problem, asked, team, route)
    yield from _pauses(team, route)


def _stop(party: Party, visit: Visit, team: Team, stop: Stop) -> Iterator[str]:
    where, starts, stays = f"{team.id} at {visit.id}", stop.starts, stop.leaves - stop.starts
    if (stop.party, stop.place) != (party.id, party.place):
        yield f"{where}: the party is {party.id} at place {party.place}"
    lacking = ({visit.kind} if visit.kind else set()) | set(visit.skills)
    lacking -= team.offers
    if lacking:
        yield f"{where}: the team lacks {', '.join(sorted(lacking))}"
    if team.must_areas and party.area not in team.must_areas:
        yield f"{where}: area {party.area!r} is not one of the team's"
    if not visit.opens <= starts <= visit.latest_start:
        yield f"{where}: starts at {starts}, outside {visit.opens} to {visit.latest_start}"
    if stays < visit.service:
        yield f"{where}: stays {stays} s, the visit takes {visit.service}"


def _movements(problem: Problem, asked: Asked, team: Team, route: Route) -> Iterator[str]:
    place, free, driven = team.start_place, team.starts, 0
    legs = [(s.visit, asked[s.visit][0].place, s.starts, s.leaves) for s in route.stops]
    if team.end_place is not None:
        legs.append(("the end place", team.end_place, team.shift_end, team.shift_end))
    for number, (name, target, starts, leaves) in enumerate(legs):
        goes = _goes(route, number, free)
        way = _way(problem.travel, place, target, goes)
        if way == UNREACHABLE:
            yield f"{team.id}: there is no way to {name}"
        elif goes + way > starts:
            yield f"{team.id}: reaches {name} at {goes + way}, too late for {starts}"
        place, free, driven = target, leaves, driven + way
    free = free if team.end_place is not None else _goes(route, len(route.stops), free)
    if team.end_place is None and free > team.shift_end:
        yield f"{team.id}: works until {free}, the shift ends at {team.shift_end}"
    if driven != route.travel:
        yield f"{team.id}: drives {driven} s, the plan says {route.travel}"


def _goes(route: Route, number: int, free: int) -> int:
    """When a team that is free after so many stops drives on: after its breaks there."""
    there = [pause for pause in route.pauses if pause.after == number]
    at_least = free + sum(pause.ends - pause.starts for pause in there)
    return max([at_least, *(pause.ends for pause in there)])


def _way(travel: Travel, origin: int, target: int, goes: int) -> int:
    """Seconds until arrival; of the bands now and later, each from its beginning, the soonest."""
    matrices = [travel.seconds, *(band.seconds for band in travel.bands)]
    begins = [goes, *(band.begins for band in travel.bands)]
    now = sum(begin <= goes for begin in begins[1:])
    ways = ((max(goes, begins[b]), int(matrices[b][origin, target])) for b in range(len(begins)))
    soonest = [begin - goes + way for begin, way in list(ways)[now:] if way != UNREACHABLE]
    return min(soonest, default=UNREACHABLE)


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
        if not 0 <= pause.after <= len(route.stops):
            yield f"{team.id}: breaks after stop {pause.after}, which there is not"
        elif pause.after and pause.starts < route.stops[pause.after - 1].leaves:
            yield f"{team.id}: breaks before it has left stop {pause.after}"
        if pause.starts < team.starts:
            yield f"{team.id}: breaks before its shift"
    for pause, after in pairwise(taken):
        if after.starts < pause.ends:
            yield f"{team.id}: takes two breaks at once"


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


def _score(problem: Problem, asked: Asked, plan: Plan) -> Iterator[str]:
    made = [asked[stop.visit] for route in plan.routes for stop in route.stops]
    new = {party.id: party for party, _ in made if not party.visited}
    areas = Counter(party.area for party in new.values())
    points = sum(visit.prize for _, visit in made) + sum(p.bonus for p in new.values())
    points += sum(sum(problem.area_bonus.get(area, ())[:n]) for area, n in areas.items())
    told = plan.score.prize + plan.score.first_visits + plan.score.areas
    if abs(points - told) > 1e-6 * max(1.0, told):
        yield f"the plan is worth {points:g} points, it says {told:g}"
    yield from _losses(problem, asked, plan)
    driven = sum(route.travel for route in plan.routes)
    if plan.score.travel != driven:
        yield f"the routes drive {driven} s, the plan says {plan.score.travel}"


def _losses(problem: Problem, asked: Asked, plan: Plan) -> Iterator[str]:
    teams = {team.id: team for team in problem.teams}
    made = [(teams[route.team], asked[s.visit]) for route in plan.routes for s in route.stops]
    strays = sum(bool(t.prefer_areas) and p.area not in t.prefer_areas for t, (p, _) in made)
    lacking = sum(bool(visit.likes - team.offers) for team, (_, visit) in made)
    for what, lost, told in (
        ("visits outside preferred areas", strays * problem.outside_penalty, plan.score.outside),
        ("visits without what is liked", lacking * problem.lacking_penalty, plan.score.lacking),
    ):
        if abs(lost - told) > 1e-6 * max(1.0, lost):
            yield f"{what} cost {lost:g} points, the plan says {told:g}"
