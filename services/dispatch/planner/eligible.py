"""Which team may make which visit at all, by kinds, areas and hand-made rules."""

from __future__ import annotations

from collections.abc import Mapping

from services.dispatch.planner.problem import Party, Problem, Team, Visit
from services.dispatch.planner.rules import Forbid, LockOrder, PinTeam, PinTime


def eligible_teams(problem: Problem) -> Mapping[str, frozenset[str]]:
    """Return for each visit id the ids of the teams that may make it."""
    suited: dict[tuple[frozenset[str], str], frozenset[str]] = {}
    allowed: dict[str, frozenset[str]] = {}
    for party in problem.parties:
        for visit in party.visits:
            key = (visit.needs, party.area)
            if key not in suited:
                suited[key] = frozenset(
                    team.id for team in problem.teams if _suits(team, visit, party)
                )
            allowed[visit.id] = suited[key]
    _apply_rules(problem, allowed)
    return allowed


def pinned(problem: Problem) -> frozenset[str]:
    """Return the visits that a hand-made rule or their own `must` ranks above the others."""
    by_rule = {rule.visit for rule in problem.rules if isinstance(rule, PinTeam | PinTime)}
    return frozenset(by_rule | {visit.id for visit in problem.visits if visit.must})


def _suits(team: Team, visit: Visit, party: Party) -> bool:
    in_area = not team.must_areas or party.area in team.must_areas
    return in_area and visit.needs <= team.offers


def _apply_rules(problem: Problem, allowed: dict[str, frozenset[str]]) -> None:
    for rule in problem.rules:
        match rule:
            case PinTeam(visit=visit, team=team):
                allowed[visit] &= {team}
            case Forbid(visit=visit, team=None):
                allowed[visit] = frozenset()
            case Forbid(visit=visit, team=str(team)):
                allowed[visit] -= {team}
            case LockOrder(team=team, visits=visits, only=only):
                for visit in visits:
                    allowed[visit] &= {team}
                if only:
                    _close(team, frozenset(visits), allowed)


def _close(team: str, visits: frozenset[str], allowed: dict[str, frozenset[str]]) -> None:
    for visit in allowed.keys() - visits:
        if team in allowed[visit]:
            allowed[visit] -= {team}
