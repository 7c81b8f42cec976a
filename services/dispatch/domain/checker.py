"""Checks a planner's answer against every rule, sharing no code with any planner.

Planning calls it on every plan before it is stored.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from services.dispatch.domain.problem import (
    NO_WAY,
    Ban,
    Beat,
    Crew,
    Draft,
    Lock,
    Pin,
    Problem,
    Rule,
    Slot,
    TimedPause,
    TimedStop,
    Visit,
)


def check(problem: Problem, draft: Draft) -> list[str]:
    """Every rule that the draft breaks, in words; an empty list is a valid plan."""
    return [*_account(problem, draft), *_drive(problem, draft), *_rules(problem, draft)]


def _account(problem: Problem, draft: Draft) -> Iterator[str]:
    made = Counter(stop.visit for route in draft.routes.values() for stop in route)
    made.update(draft.left)
    wanted = {visit.id for visit in problem.visits}
    yield from (f"visit {v} occurs {n} times" for v, n in made.items() if n > 1)
    yield from (f"visit {v} is forgotten" for v in sorted(wanted - made.keys()))
    yield from (f"visit {v} was not asked for" for v in sorted(made.keys() - wanted))


def _drive(problem: Problem, draft: Draft) -> Iterator[str]:
    visits = {visit.id: visit for visit in problem.visits}
    crews = {crew.team: crew for crew in problem.crews}
    for team, route in draft.routes.items():
        if team not in crews:
            yield f"team {team} is not on duty"
            continue
        pauses = sorted(draft.pauses.get(team, ()), key=lambda pause: pause.starts)
        yield from _route(problem, crews[team], route, visits, pauses)
        yield from _pauses(crews[team], route, pauses)


def _route(
    problem: Problem,
    crew: Crew,
    route: tuple[TimedStop, ...],
    visits: dict[str, Visit],
    pauses: Sequence[TimedPause],
) -> Iterator[str]:
    place, free = crew.place, crew.starts
    if crew.most_stops is not None and len(route) > crew.most_stops:
        yield f"{crew.team} has {len(route)} stops, {crew.most_stops} are the most"
    for number, stop in enumerate(route):
        visit = visits.get(stop.visit)
        if visit is None:
            continue
        free = _rested(pauses, number, free)
        reached = _reached(problem, place, visit.place, free)
        if reached - free >= NO_WAY or reached > stop.starts:
            yield f"{crew.team} cannot be at party {stop.party} at {stop.starts}"
        yield from _stop(crew, stop, visit)
        place, free = visit.place, stop.leaves
    free = _rested(pauses, len(route), free)
    if crew.end is not None and route:
        back = _reached(problem, place, crew.end, free)
        if back > crew.ends:
            yield f"{crew.team} is back at {back}, it has to be by {crew.ends}"
    elif free > crew.ends:
        yield f"{crew.team} works until {free}, its shift ends at {crew.ends}"


def _rested(pauses: Sequence[TimedPause], stops: int, free: int) -> int:
    """When a team that is free after so many stops has had its breaks there."""
    for pause in pauses:
        if pause.after == stops:
            free = max(free + pause.ends - pause.starts, pause.ends)
    return free


def _pauses(
    crew: Crew, route: tuple[TimedStop, ...], pauses: Sequence[TimedPause]
) -> Iterator[str]:
    if len(pauses) != len(crew.breaks):
        yield f"{crew.team} takes {len(pauses)} breaks, {len(crew.breaks)} are due"
        return
    due = sorted(crew.breaks, key=lambda pause: (pause.latest, pause.opens))
    since = crew.starts
    for pause, wanted in zip(pauses, due, strict=True):
        if not wanted.opens <= pause.starts <= wanted.latest:
            yield f"{crew.team} breaks at {pause.starts}, not {wanted.opens} to {wanted.latest}"
        if pause.ends - pause.starts < wanted.seconds:
            yield f"{crew.team} has too short a break at {pause.starts}"
        if not 0 <= pause.after <= len(route):
            yield f"{crew.team} breaks after stop {pause.after}, which there is not"
        elif pause.starts < max(since, route[pause.after - 1].leaves if pause.after else since):
            yield f"{crew.team} breaks at {pause.starts}, before it is free"
        since = max(since, pause.ends)


def _reached(problem: Problem, origin: int, target: int, leaves: int) -> int:
    """When a drive arrives: as soon as any that begins then, or later with a later band."""
    begun = [band for band in problem.bands if band.begins <= leaves]
    now = begun[-1].seconds if begun else problem.seconds
    later = problem.bands[len(begun) :]
    arrivals = [band.begins + int(band.seconds[origin, target]) for band in later]
    return min([leaves + int(now[origin, target]), *arrivals])


def _stop(crew: Crew, stop: TimedStop, visit: Visit) -> Iterator[str]:
    if crew.team not in visit.teams:
        yield f"{crew.team} is not a team for party {stop.party}"
    if not visit.opens <= stop.starts <= visit.latest:
        yield f"{crew.team} starts at party {stop.party} outside its window"
    if stop.leaves - stop.starts < visit.service:
        yield f"{crew.team} leaves party {stop.party} too early"


def _rules(problem: Problem, draft: Draft) -> Iterator[str]:
    made = {stop.visit: (team, stop) for team, route in draft.routes.items() for stop in route}
    for rule in problem.rules:
        yield from _rule(problem, draft, made, rule)


def _rule(
    problem: Problem, draft: Draft, made: dict[str, tuple[str, TimedStop]], rule: Rule
) -> Iterator[str]:
    match rule:
        case Pin(visit=visit, team=team) if visit in made and made[visit][0] != team:
            yield f"visit {visit} is pinned to {team}, not to {made[visit][0]}"
        case Slot(visit=visit, earliest=earliest, latest=latest) if visit in made:
            if not earliest <= made[visit][1].starts <= latest:
                yield f"visit {visit} starts outside the time that it is pinned to"
        case Ban(visit=visit, team=team) if visit in made and made[visit][0] == team:
            yield f"visit {visit} is not to be made by {team}"
        case Beat(team=team, areas=areas, also=also):
            for stop in draft.routes.get(team, ()):
                area = problem.aims.areas.get(stop.party, "")
                if area not in areas and stop.visit not in also:
                    yield f"{team} leaves its areas for party {stop.party}"
        case Lock():
            yield from _lock(draft, made, rule)


def _lock(draft: Draft, made: dict[str, tuple[str, TimedStop]], lock: Lock) -> Iterator[str]:
    for visit in lock.visits:
        if visit in made and made[visit][0] != lock.team:
            yield f"visit {visit} is locked to {lock.team}, not to {made[visit][0]}"
    route = [stop.visit for stop in draft.routes.get(lock.team, ())]
    driven = [visit for visit in route if visit in lock.visits]
    if driven != [visit for visit in lock.visits if visit in driven]:
        yield f"{lock.team} visits {', '.join(driven)} in another order than settled"
    if lock.only and len(driven) != len(route):
        yield f"{lock.team} makes other visits than those settled for it"
