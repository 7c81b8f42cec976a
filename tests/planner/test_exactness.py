"""On small evenings the planner finds the optimum of an independent exact solver, every time.

PORCHLIGHT_EXACT_CASES=40 runs so many cases of each kind, those included that take the oracle
minutes; usually it is some of each.
"""

import importlib.util
import os
import random
from dataclasses import replace

import pytest

from services.dispatch.planner import Break, Iterations, Problem, Together, check, solve
from tests.planner.cities import EVENING, random_city

CASES = int(os.environ.get("PORCHLIGHT_EXACT_CASES", "0"))
SLOW = {2, 4, 8, 9, 13, 15, 18, 34, 37, 39}
SEEDS = list(range(CASES)) if CASES else [seed for seed in range(30) if seed not in SLOW]
BUDGET = Iterations(20_000)

if os.environ.get("CI") or importlib.util.find_spec("ortools"):
    from tests.planner.oracle import optimum
else:
    pytest.skip("needs OR-Tools (pip install .[bench])", allow_module_level=True)


def small_evening(seed: int) -> Problem:
    """Up to twelve parties with one or two wishes each, up to three teams with tight shifts."""
    dice = random.Random(seed)
    city = random_city(seed, parties=12 - dice.randrange(5), teams=3 - seed % 3)
    teams = tuple(
        replace(
            some,
            shift_end=EVENING + dice.choice([5400, 7200, 9000]),
            end_place=dice.choice([0, None, 3]),
            most_stops=dice.choice([None, None, 3]),
            must_areas=frozenset(dice.choice([set(), set(), {"area0", "area1"}])),
        )
        for some in city.teams
    )
    return replace(city, teams=teams)


def with_breaks(problem: Problem, seed: int) -> Problem:
    dice = random.Random(seed)

    def due() -> tuple[Break, ...]:
        first = Break(EVENING + dice.choice([1200, 1800, 2700]), EVENING + 3600, 600)
        second = Break(EVENING + 3000, EVENING + 4500, 300)
        return (first, second)[: dice.randrange(3)]

    return replace(problem, teams=tuple(replace(some, breaks=due()) for some in problem.teams))


def with_pairs(problem: Problem, seed: int) -> Problem:
    dice = random.Random(seed)
    rules = tuple(
        Together(*(visit.id for visit in party.visits), within=dice.choice([300, 600]))
        for party in problem.parties
        if len(party.visits) == 2 and dice.random() < 0.7
    )
    return replace(problem, rules=rules)


def is_optimal(problem: Problem, seed: int) -> bool:
    plan = solve(problem, BUDGET, seed)
    assert check(problem, plan) == []
    best = optimum(problem)
    assert best is not None, "the oracle took too long"
    return plan.score.total == best


@pytest.mark.parametrize("seed", SEEDS)
def test_the_optimum_of_a_small_evening_is_found(seed):
    assert is_optimal(small_evening(seed), seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_optimum_with_breaks_is_found(seed):
    assert is_optimal(with_breaks(small_evening(seed), seed), seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_optimum_with_visits_that_go_together_is_found(seed):
    assert is_optimal(with_pairs(small_evening(seed), seed), seed)
