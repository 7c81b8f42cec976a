"""A city's policies: small pure functions from what is known of the parties to a new problem.

Each says what it does in one sentence a planner understands (`effect`), so that a plan can list
the policies it was made under.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from services.dispatch.planner.problem import Party, Problem
from services.dispatch.planner.rules import Forbid, LockOrder


@dataclass(frozen=True, slots=True)
class History:
    """What registration knows of a party: its turn (0 registered first) and its past visits.

    `years_since_visit` is None for a block that was never visited.
    """

    turn: int = 0
    years_since_visit: int | None = None


Histories = Mapping[str, History]


@dataclass(frozen=True, slots=True)
class Applied:
    """A problem after a policy, and the policy's effect in words."""

    problem: Problem
    effect: str


def first_come_first_served(problem: Problem, known: Histories, share: float = 0.5) -> Applied:
    """Weigh parties by when they registered: the last loses `share` of its points (0 to 1)."""
    last = max((known[party.id].turn for party in problem.parties if party.id in known), default=0)

    def factor(party: Party) -> float:
        turn = known[party.id].turn if party.id in known else last
        return 1.0 - share * turn / last if last else 1.0

    effect = f"earlier registrations count more; the last one {share:.0%} less than the first"
    return Applied(_weighted(problem, factor), effect)


def new_and_long_absent_first(
    problem: Problem, known: Histories, years: int = 3, factor: float = 1.5
) -> Applied:
    """Weigh blocks that were never visited, or not for so many years, `factor` times."""

    def waits(party: Party) -> bool:
        since = known.get(party.id, History()).years_since_visit
        return since is None or since >= years

    count = sum(waits(party) for party in problem.parties)
    effect = f"{count} blocks never visited or not for {years} years count {factor:g} times"
    return Applied(_weighted(problem, lambda party: factor if waits(party) else 1.0), effect)


def equity_between_areas(problem: Problem, points: float = 10.0) -> Applied:
    """Reward covering each area: the less of it is visited yet, the more the next party earns.

    The first party of an area earns `points` more, the last about none; areas large and small are
    measured by their share, so the worst-served area always gains the most (a concave reward).
    """
    sizes = Counter(party.area for party in problem.parties if party.area)
    bonus = {
        area: tuple(points * (size - k) / size for k in range(size)) for area, size in sizes.items()
    }
    effect = f"the first party visited in an area earns {points:g} points more, the last about none"
    return Applied(replace(problem, area_bonus=bonus), effect)


def lottery(problem: Problem, guaranteed: int, seed: int) -> Applied:
    """Draw parties that are visited for certain, if anybody can reach them; repeatable by seed."""
    names = sorted(party.id for party in problem.parties if party.visits and not party.visited)
    drawn = set(random.Random(seed).sample(names, min(guaranteed, len(names))))
    parties = tuple(_guaranteed(party) if party.id in drawn else party for party in problem.parties)
    effect = f"{len(drawn)} parties drawn by lot are visited first (seed {seed})"
    return Applied(replace(problem, parties=parties), effect)


def cap(problem: Problem, known: Histories, most: int) -> Applied:
    """Consider only the first `most` parties by registration; the others are not visited."""
    ranked = sorted(
        problem.parties, key=lambda party: (known.get(party.id, History(10**9)).turn, party.id)
    )
    over = [visit.id for party in ranked[most:] for visit in party.visits]
    rules = problem.rules + tuple(Forbid(visit) for visit in over)
    effect = f"only the first {most} registrations are considered, {len(ranked[most:])} are not"
    return Applied(replace(problem, rules=rules), effect)


def caravan(problem: Problem, team: str, visits: Iterable[str]) -> Applied:
    """Let a team make these visits, in this order, and no others."""
    order = tuple(visits)
    rules = (*problem.rules, LockOrder(team, order, only=True))
    return Applied(
        replace(problem, rules=rules), f"{team} drives {len(order)} stops in fixed order"
    )


def beats(problem: Problem, areas: Mapping[str, Iterable[str]]) -> Applied:
    """Keep teams to the areas on their beat list (team id to area names)."""
    teams = tuple(
        replace(team, must_areas=frozenset(areas[team.id])) if team.id in areas else team
        for team in problem.teams
    )
    effect = f"{len(areas)} teams stay on their own beats"
    return Applied(replace(problem, teams=teams), effect)


def _weighted(problem: Problem, factor: Callable[[Party], float]) -> Problem:
    return replace(problem, parties=tuple(_scaled(p, factor(p)) for p in problem.parties))


def _scaled(party: Party, factor: float) -> Party:
    if factor == 1.0:
        return party
    visits = tuple(replace(visit, prize=round(visit.prize * factor, 3)) for visit in party.visits)
    return replace(party, visits=visits, bonus=round(party.bonus * factor, 3))


def _guaranteed(party: Party) -> Party:
    return replace(party, visits=(replace(party.visits[0], must=True), *party.visits[1:]))
