"""Checks a planner's answer against every rule, sharing no code with any planner.

Planning calls it on every plan before it is stored.
"""

from collections import Counter
from collections.abc import Iterator

from services.dispatch.domain.problem import NO_WAY, Crew, Draft, Problem, TimedStop, Visit


def check(problem: Problem, draft: Draft) -> list[str]:
    """Every rule that the draft breaks, in words; an empty list is a valid plan."""
    return [*_account(problem, draft), *_drive(problem, draft)]


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
        yield from _route(problem, crews[team], route, visits)


def _route(
    problem: Problem, crew: Crew, route: tuple[TimedStop, ...], visits: dict[str, Visit]
) -> Iterator[str]:
    place, free = crew.place, crew.starts
    for stop in route:
        visit = visits.get(stop.visit)
        if visit is None:
            continue
        reached = _reached(problem, place, visit.place, free)
        if reached - free >= NO_WAY or reached > stop.starts:
            yield f"{crew.team} cannot be at party {stop.party} at {stop.starts}"
        yield from _stop(crew, stop, visit)
        place, free = visit.place, stop.leaves
    if free > crew.ends:
        yield f"{crew.team} works until {free}, its shift ends at {crew.ends}"


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
