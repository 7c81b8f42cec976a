"""City evenings: python -m benchmarks.city --sizes 60x12 300x40 --seconds 1 10 --engines ours.

With --parties FILE --teams N it plans a city's permit list instead of the generated evenings.
Weighted visits are compared without any bonus, which other engines cannot express; parties with
at least one visit are compared with ours given a bonus for each first visit, and with hand rules.
Each run happens in a process of its own, so that its memory is its own too.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.engines import ENGINES, run
from benchmarks.evenings import SIZES, Evening, generated, permits, with_bonus
from benchmarks.manual import MANUAL
from services.dispatch.planner import Iterations, Plan, Problem, check, solve, warm_up

BONUS = 20.0
Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Run every evening with every engine, budget and hand rule."""
    options = _parser().parse_args(arguments)
    rows = []
    for name, source in _sources(options):
        jobs: list[tuple[str, float]] = [("first plan", 0.0)]
        jobs += [(engine, s) for engine in options.engines for s in options.seconds]
        if "ours" in options.engines or "ours_cpu" in options.engines:
            jobs += [("ours with bonus", s) for s in options.seconds]
        jobs += [(rule, 0.0) for rule in MANUAL if not options.no_manual]
        for engine, seconds in jobs:
            row = {"evening": name, **_apart(source, engine, seconds, options.seed)}
            rows.append(row)
            print(json.dumps(row), flush=True)
    print(summary(rows))
    return 0 if all(row["valid"] for row in rows) else 1


def measure(evening: Evening, engine: str, seconds: float, seed: int) -> Row:
    """Return one run's line."""
    spent = 0.0
    if engine in MANUAL:
        problem, plan = evening.problem, MANUAL[engine](evening)
    elif engine == "first plan":
        problem, (plan, spent) = evening.problem, first_plan(evening.problem, seed)
    elif engine == "ours with bonus":
        warm_up()
        problem = with_bonus(evening, BONUS).problem
        plan = run("ours_cpu", problem, seconds, seed)
    else:
        warm_up()
        began = time.perf_counter()
        problem, plan = evening.problem, run(engine, evening.problem, seconds, seed)
        spent = time.perf_counter() - began
    broken = check(problem, plan)
    return {
        "engine": engine,
        "seconds": seconds,
        "took": round(spent, 3),
        "points": plan.score.prize,
        "visits": plan.visits_made,
        "parties": len(plan.parties_visited),
        "travel_min": round(plan.score.travel / 60),
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "valid": not broken,
        "broken": broken[:3],
    }


def first_plan(problem: Problem, seed: int) -> tuple[Plan, float]:
    """Return the first full plan and its seconds of processor time, best of three."""
    warm_up()
    took = []
    for _ in range(3):
        began = time.process_time()
        plan = solve(problem, Iterations(0), seed)
        took.append(time.process_time() - began)
    return plan, min(took)


def _apart(source: dict[str, Any], engine: str, seconds: float, seed: int) -> Row:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run_one, (source, engine, seconds, seed))


def _run_one(source: dict[str, Any], engine: str, seconds: float, seed: int) -> Row:
    evening = permits(**source) if "path" in source else generated(**source)
    return measure(evening, engine, seconds, seed)


def summary(rows: list[Row]) -> str:
    """Return the runs as a Markdown table."""
    lines = ["| evening | engine | s | points | visits | parties visited | driving, min | MiB |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for row in rows:
        seconds = row["seconds"] or row["took"]
        lines.append(
            f"| {row['evening']} | {row['engine']} | {seconds:g} | {row['points']:g} "
            f"| {row['visits']} | {row['parties']} | {row['travel_min']} | {row['MiB']} |"
        )
    return "\n".join(lines)


def _sources(options: argparse.Namespace) -> list[tuple[str, dict[str, Any]]]:
    if options.parties:
        source = {"path": options.parties, "teams": options.teams}
        return [(f"{options.parties.stem} x {options.teams}", source)]
    return [
        (f"{parties}x{teams}", {"parties": parties, "teams": teams, "seed": options.seed})
        for parties, teams in options.sizes
    ]


def _size(text: str) -> tuple[int, int]:
    parties, teams = text.split("x")
    return int(parties), int(teams)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parties", type=Path, metavar="FILE", help="a permit list (CSV)")
    parser.add_argument("--teams", type=int, default=60, help="teams for the permit list")
    parser.add_argument("--sizes", type=_size, nargs="+", default=list(SIZES))
    parser.add_argument("--seconds", type=float, nargs="+", default=[1.0, 10.0])
    parser.add_argument("--no-manual", action="store_true", help="leave the hand rules out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engines", nargs="+", default=["ours"], choices=ENGINES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
