"""What a plan is worth, counted from its routes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from services.dispatch.planner.keep import Keep
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.result import Route, Score


def value(problem: Problem, routes: Iterable[Route], stability: float = 0.0) -> Score:
    """Return the score of these routes; `stability` is the points lost to broken promises."""
    routes = tuple(routes)
    made = [stop.visit for route in routes for stop in route.stops]
    prize = sum(problem.visit_by_id[visit].prize for visit in made)
    parties = {problem.party_of[visit].id: problem.party_of[visit] for visit in made}
    first = sum(party.bonus for party in parties.values() if not party.visited)
    areas = _area_points(problem, [p.area for p in parties.values() if not p.visited])
    outside = problem.outside_penalty * sum(strays(problem, route) for route in routes)
    travel = sum(route.travel for route in routes)
    lacking = problem.lacking_penalty * sum(lacks(problem, route) for route in routes)
    points = prize + first + areas - outside - lacking - stability
    total = round(problem.seconds_per_point * points) - travel
    return Score(prize, first, areas, outside, travel, stability, total, lacking)


def stability_lost(keep: Keep, problem: Problem, routes: Iterable[Route]) -> float:
    """Return the points lost to promises that these routes drop, move or hand over."""
    at = {stop.visit: (route.team, stop.starts) for route in routes for stop in route.stops}
    price, lost = keep.stability, 0.0
    for promise in keep.promises:
        if promise.visit not in problem.visit_by_id:
            continue
        if promise.visit not in at:
            lost += price.made
            continue
        team, starts = at[promise.visit]
        lost += price.other_team * (team != promise.team)
        lost += price.other_time * (not promise.is_on_time(starts))
    return lost


def _area_points(problem: Problem, areas: Iterable[str]) -> float:
    counts = Counter(areas)
    return sum(sum(problem.area_bonus.get(area, ())[:n]) for area, n in counts.items())


def strays(problem: Problem, route: Route) -> int:
    """Return how many stops lie outside the areas that the team prefers."""
    preferred = problem.team_by_id[route.team].prefer_areas
    if not preferred:
        return 0
    return sum(problem.party_of[stop.visit].area not in preferred for stop in route.stops)


def lacks(problem: Problem, route: Route) -> int:
    """Return how many stops would like something that the team does not offer."""
    offers = problem.team_by_id[route.team].offers
    return sum(not problem.visit_by_id[stop.visit].likes <= offers for stop in route.stops)
