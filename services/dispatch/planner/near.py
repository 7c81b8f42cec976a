"""The part of an evening that lies near an event: what a re-plan in a hurry works on.

Building the arrays of a whole large evening takes longer than a re-plan may. So, within a tight
budget, only the teams nearest to the event are planned anew, with their stops and what lies
unserved around them; all other routes stay as they are. Only replan.py calls this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.dispatch.planner.keep import Keep
from services.dispatch.planner.problem import Party, Problem, Team, narrowed, visits_named
from services.dispatch.planner.result import Plan, Route, Unserved
from services.dispatch.planner.rules import LockOrder, PinTeam, Rule, Together
from services.dispatch.planner.schedule import time_route, windows
from services.dispatch.planner.valuation import stability_lost, value

TEAMS = 24
"""Teams that are planned anew, unless the event itself touches more."""

UNSERVED_PER_TEAM = 6
"""Visits that nobody made before, nearest to the event, that are considered for each such team."""


@dataclass(frozen=True)
class Part:
    """A problem within a problem, and the routes outside it, which stand."""

    whole: Problem
    problem: Problem
    others: Mapping[str, Route]

    def put_back(self, found: Plan, old: Plan, keep: Keep) -> Plan:
        """Return the plan of the whole evening: the part's new routes and all others."""
        routes = tuple(
            found.by_team.get(team.id) or self.others[team.id] for team in self.whole.teams
        )
        made = {stop.visit for route in routes for stop in route.stops}
        reasons = {left.visit: left.reason for plan in (old, found) for left in plan.unserved}
        usual = "no room in any route for what it is worth"
        unserved = tuple(
            Unserved(visit.id, party.id, reasons.get(visit.id, usual))
            for party in self.whole.parties
            for visit in party.visits
            if visit.id not in made
        )
        lost = stability_lost(keep, self.whole, routes)
        score = value(self.whole, routes, lost)
        return replace(found, routes=routes, unserved=unserved, score=score, bound=None)


def around(whole: Problem, plan: Plan, touched: Collection[str], teams: int = TEAMS) -> Part | None:
    """Return the part of a problem near the touched visits; None if it has to be all of it.

    `plan` is the one before the event. Visits tied to one another can lie far apart, so with
    these there is no part.
    """
    if len(whole.teams) <= teams or any(isinstance(rule, Together) for rule in whole.rules):
        return None
    spots = sorted({whole.party_of[v].place for v in touched if v in whole.party_of})
    if not spots:
        return None
    standing = _standing(whole, plan)
    inside = _nearest_teams(whole, touched, spots, standing, teams)
    others = {team: route for team, route in standing.items() if team not in inside and route}
    return Part(whole, _within(whole, inside, others, plan.stop_of, spots), others)


def _standing(whole: Problem, plan: Plan) -> dict[str, Route | None]:
    """Return what is left of each team's route, None where that can no longer be driven on time."""
    spans = windows(whole)
    left: dict[str, Route | None] = {}
    for team in whole.teams:
        stops = plan.by_team[team.id].stops if team.id in plan.by_team else ()
        stops = tuple(stop for stop in stops if stop.visit in spans)
        route = time_route(whole, team, [stop.visit for stop in stops], spans)
        late = route and any(
            new.starts > old.starts for new, old in zip(route.stops, stops, strict=True)
        )
        left[team.id] = None if late else route
    return left


def _nearest_teams(
    whole: Problem,
    touched: Collection[str],
    spots: Sequence[int],
    standing: Mapping[str, Route | None],
    most: int,
) -> frozenset[str]:
    """Return the teams whose routes pass nearest to the spots, and all whose routes are broken."""
    reach = whole.travel.seconds[spots].min(axis=0)
    needs = {whole.visit_by_id[v].needs for v in touched if v in whole.visit_by_id}

    def rank(team: Team) -> tuple[bool, bool, int]:
        route = standing[team.id]
        if route is None or any(stop.visit in touched for stop in route.stops):
            return (False, False, 0)
        useless = not any(need <= team.offers for need in needs)
        places = [team.start_place, *(stop.place for stop in route.stops)]
        return (True, useless, int(reach[places].min()))

    ranks = {team.id: rank(team) for team in whole.teams}
    ordered = sorted(ranks, key=lambda team: ranks[team])
    broken = sum(not outside for outside, _, _ in ranks.values())
    return frozenset(ordered[: max(most, broken)])


def _within(
    whole: Problem,
    inside: frozenset[str],
    others: Mapping[str, Route],
    planned: Mapping[str, object],
    spots: Sequence[int],
) -> Problem:
    """Return the problem of these teams, what was planned for them and what is unserved nearby."""
    teams = tuple(team for team in whole.teams if team.id in inside)
    stops = [stop for route in others.values() for stop in route.stops]
    away = {stop.visit for stop in stops} | _tied_elsewhere(whole, inside)
    reach = whole.travel.seconds[spots].min(axis=0).tolist()
    first = min(team.starts for team in teams)
    idle = sorted(
        (reach[party.place], i)
        for i, party in enumerate(whole.parties)
        if any(
            visit.id not in planned and visit.latest_start >= first and visit.id not in away
            for visit in party.visits
        )
    )
    nearby = {i for _, i in idle[: UNSERVED_PER_TEAM * len(teams)]}
    seen = {stop.party for stop in stops}
    parties = tuple(
        _here(party, away, party.id in seen)
        for i, party in enumerate(whole.parties)
        if i in nearby
        or any(visit.id in planned and visit.id not in away for visit in party.visits)
    )
    asked = {visit.id for party in parties for visit in party.visits}
    rules = tuple(_ours(whole.rules, asked, inside))
    counts = Counter(
        party.area for party in whole.parties if party.id in seen and not party.visited
    )
    steps = {area: steps[counts[area] :] for area, steps in whole.area_bonus.items()}
    return narrowed(whole, parties, teams, rules, steps)


def _here(party: Party, away: Collection[str], seen: bool) -> Party:
    """Return the party without the visits that are made elsewhere."""
    visits = tuple(visit for visit in party.visits if visit.id not in away)
    if not seen and len(visits) == len(party.visits):
        return party
    return replace(party, visits=visits, visited=party.visited or seen)


def _tied_elsewhere(whole: Problem, inside: Collection[str]) -> set[str]:
    """Return the visits that a rule gives to a team outside the part."""
    return {
        visit
        for rule in whole.rules
        if isinstance(rule, PinTeam | LockOrder) and rule.team not in inside
        for visit in visits_named(rule)
    }


def _ours(rules: Iterable[Rule], asked: set[str], inside: frozenset[str]) -> Iterable[Rule]:
    """Return the rules that speak of these visits and teams."""
    for rule in rules:
        if isinstance(rule, LockOrder):
            if rule.team in inside:
                yield replace(rule, visits=tuple(v for v in rule.visits if v in asked))
        elif asked.issuperset(visits_named(rule)) and getattr(rule, "team", None) in (
            None,
            *inside,
        ):
            yield rule
