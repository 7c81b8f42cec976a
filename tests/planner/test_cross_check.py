"""An engine that nobody here wrote answers the same questions: it may not know much better."""

import pytest

from benchmarks.engines import run
from benchmarks.evenings import generated
from services.dispatch.planner import Iterations, check, solve


@pytest.mark.parametrize("seed", range(1, 7))
def test_pyvrp_finds_no_much_better_plan_and_its_plan_passes_our_checker(seed):
    problem = generated(30, 3, seed).problem
    theirs = run("pyvrp", problem, 0.5, seed)
    ours = solve(problem, Iterations(20_000), seed)
    assert check(problem, theirs) == []
    assert check(problem, ours) == []
    assert theirs.visits_made > 0
    assert ours.score.total >= 0.98 * theirs.score.total
