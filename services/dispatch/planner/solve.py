"""The planner's one entrance: a pure function of the problem, the budget and the seed."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import replace

from services.dispatch.planner.answer import build_plan
from services.dispatch.planner.keep import Keep
from services.dispatch.planner.model import compile_problem
from services.dispatch.planner.problem import Party, Problem, Team, Visit
from services.dispatch.planner.result import Plan
from services.dispatch.planner.search import Progress, Search
from services.dispatch.planner.stop import Iterations, StopRule
from services.dispatch.planner.travel import Travel


def solve(
    problem: Problem,
    stop: StopRule,
    seed: int = 0,
    start: Plan | None = None,
    keep: Keep | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return the best plan found before `stop` says so.

    The same seed and number of iterations give the same plan. `start` is an earlier plan to go
    on from; whatever in it no longer works is repaired first. `keep` holds the promises made.
    `progress` is called between chunks of a few milliseconds. The interpreter lock is released
    while the search runs. Ruin and recreate after Christiaens and Vanden Berghe (2020).
    """
    began, running = time.perf_counter(), stop.begin()
    compiled = compile_problem(problem, keep)
    built = running.share(0)
    search = Search(compiled, seed)
    search.begin(start, keep or Keep())
    search.improve(running, progress, built)
    plan = build_plan(compiled, search.state, keep or Keep())
    seconds = time.perf_counter() - began
    bound = search.bound if progress else None
    return replace(plan, seed=seed, iterations=search.iterations, seconds=seconds, bound=bound)


def warm_up() -> None:
    """Compile or load all kernels, so that the first event does not pay for it.

    Takes half a minute on a new installation and well under a second from then on. All that is
    loaded by now is also taken out of the sight of the garbage collector: going through it takes
    a twentieth of a second or more, which would strike in the middle of some re-plan.
    """
    party = Party("p", 0, (Visit("v", 0, 1, 0),))
    solve(Problem((party,), (Team("t", 0, 0, 1),), Travel([[0]])), Iterations(10))
    gc.collect()
    gc.freeze()
