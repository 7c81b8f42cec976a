"""Small evenings for the planner's tests; places lie on a line, a minute apart."""

from __future__ import annotations

import random
from typing import Any

from services.dispatch.planner import Party, Problem, Team, Travel, Visit

EVENING = 17 * 3600
MINUTE = 60


def line(places: int, minutes: int = 1) -> Travel:
    """Return travel along a street: place i is i x minutes from place 0."""
    step = minutes * MINUTE
    return Travel([[abs(a - b) * step for b in range(places)] for a in range(places)])


def party(name: str, place: int, **visit: Any) -> Party:
    """Return a party with one visit that may start at any time of the evening."""
    visit = {"opens": EVENING, "latest_start": EVENING + 4 * 3600, "prize": 10.0} | visit
    bonus, area = visit.pop("bonus", 0.0), visit.pop("area", "")
    return Party(name, place, (Visit(f"{name}/visit", **visit),), bonus, area)


def team(name: str, **changes: Any) -> Team:
    """Return a team that leaves place 0 at 17:00 and is back there by 21:00."""
    facts = {"start_place": 0, "starts": EVENING, "shift_end": EVENING + 4 * 3600, "end_place": 0}
    return Team(name, **(facts | changes))


def random_city(seed: int, parties: int, teams: int, **settings: Any) -> Problem:
    """Return a seeded evening: scattered parties, some asking for two kinds of visitors."""
    dice = random.Random(seed)
    points = [(dice.randrange(9000), dice.randrange(9000)) for _ in range(parties + 1)]
    travel = Travel([[(abs(a - c) + abs(b - d)) // 8 for c, d in points] for a, b in points])
    return Problem(
        tuple(_random_party(dice, i) for i in range(parties)),
        tuple(_random_team(dice, j) for j in range(teams)),
        travel,
        **settings,
    )


def _random_party(dice: random.Random, number: int) -> Party:
    kinds = dice.choice([("police",), ("fire",), ("police", "fire")])
    opens = EVENING + dice.randrange(0, 7200, 900)
    visits = tuple(
        Visit(f"p{number}/{kind}", opens, opens + 5400, 900, dice.randint(1, 9), kind)
        for kind in kinds
    )
    return Party(f"p{number}", number + 1, visits, 5.0, f"area{number % 3}")


def _random_team(dice: random.Random, number: int) -> Team:
    offers = frozenset(dice.choice([{"police"}, {"fire"}, {"police", "fire"}]))
    end = dice.choice([0, None])
    return team(f"t{number}", offers=offers, end_place=end, shift_end=EVENING + 3 * 3600)
