"""How cities plan by hand: zones of equal size, and in each the nearest or the weightiest next.

These model practice; name the rule whenever a figure is quoted against it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.evenings import Evening
from services.dispatch.planner import Plan, Problem, Team, Visit
from services.dispatch.planner.handmade import plan_of

Choice = tuple[float, ...]
Rule = Callable[[Visit, int], Choice]


def fixed_beats_nearest_first(evening: Evening) -> Plan:
    """Equal map tiles, one per team, whoever lives there; the nearest party next."""
    return _drive(evening, _tiles(evening), lambda _visit, way: (way,), helping=False)


def balanced_zones_nearest_first(evening: Evening) -> Plan:
    """Zones with equally many parties; the nearest party next."""
    return _drive(evening, _zones(evening), lambda _visit, way: (way,), helping=False)


def balanced_zones_priority_first(evening: Evening) -> Plan:
    """Zones with equally many parties; the weightiest next, then help in other zones."""
    return _drive(evening, _zones(evening), lambda visit, way: (-visit.prize, way), helping=True)


MANUAL = {
    "fixed beats, nearest first": fixed_beats_nearest_first,
    "balanced zones, nearest first": balanced_zones_nearest_first,
    "balanced zones, priority first, helping": balanced_zones_priority_first,
}


def _tiles(evening: Evening) -> list[int]:
    """Return each party's tile in a grid of about as many tiles as teams."""
    count = len(evening.problem.teams)
    spots = evening.spots[[party.place for party in evening.problem.parties]]
    across = max(1, round(count**0.5))
    down = -(-count // across)
    low, high = spots.min(axis=0), spots.max(axis=0) + 1e-9
    cell = ((spots - low) / (high - low) * [across, down]).astype(int)
    return [int(min(count - 1, x + across * y)) for x, y in cell]


def _zones(evening: Evening) -> list[int]:
    """Return each party's zone: the map is halved again and again, so that counts are equal."""
    spots = evening.spots[[party.place for party in evening.problem.parties]]
    zone = [0] * len(spots)

    def halve(members: Sequence[int], first: int, count: int) -> None:
        if count == 1:
            for member in members:
                zone[member] = first
            return
        spread = np.ptp(spots[list(members)], axis=0) if members else np.zeros(2)
        ordered = sorted(members, key=lambda i: spots[i][int(np.argmax(spread))])
        part = count // 2
        middle = len(ordered) * part // count
        halve(ordered[:middle], first, part)
        halve(ordered[middle:], first + part, count - part)

    if evening.problem.teams:
        halve(range(len(spots)), 0, len(evening.problem.teams))
    return zone


def _drive(evening: Evening, zone: list[int], rule: Rule, helping: bool) -> Plan:
    """Let every team drive through its zone by the rule; parties are visited by one team only
    until all have been offered a first visit."""
    problem = evening.problem
    left = {visit.id for visit in problem.visits}
    routes: dict[str, list[str]] = {}
    for t, team in enumerate(problem.teams):
        inside = [i for i, z in enumerate(zone) if z == t]
        routes[team.id] = _team(problem, team, inside, left, rule)
    if helping:
        for team in problem.teams:
            more = _team(problem, team, range(len(zone)), left, rule, routes[team.id])
            routes[team.id] += more
    return plan_of(problem, routes)


def _team(
    problem: Problem,
    team: Team,
    parties: Sequence[int],
    left: set[str],
    rule: Rule,
    driven: Sequence[str] = (),
) -> list[str]:
    """Return the visits that this team adds, one after the other, within its shift."""
    now, place = team.starts, team.start_place
    for visit_id in driven:
        visit, party = problem.visit_by_id[visit_id], problem.party_of[visit_id]
        now = max(now + problem.travel.between(place, party.place), visit.opens) + visit.service
        place = party.place
    added: list[str] = []
    while True:
        chosen = _next(problem, team, parties, left, rule, now, place)
        if chosen is None:
            return added
        visit, now, place = chosen
        left.discard(visit.id)
        added.append(visit.id)


def _next(
    problem: Problem,
    team: Team,
    parties: Sequence[int],
    left: set[str],
    rule: Rule,
    now: int,
    place: int,
) -> tuple[Visit, int, int] | None:
    """Return the next visit, when it is over and where: one that is open soon, then by the rule."""
    best: tuple[Choice, Visit, int, int] | None = None
    for i in parties:
        party = problem.parties[i]
        way = problem.travel.between(place, party.place)
        for visit in party.visits:
            start = max(now + way, visit.opens)
            in_time = start <= visit.latest_start and start + visit.service <= team.shift_end
            if visit.id in left and visit.needs <= team.offers and in_time:
                waits = float(visit.opens > now + way + 600)
                rank = (waits, *rule(visit, way))
                if best is None or rank < best[0]:
                    best = (rank, visit, start + visit.service, party.place)
    return None if best is None else best[1:]
