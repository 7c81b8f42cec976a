"""Published TOPTW instances: python -m benchmarks.toptw FILE... --teams 1 2 --seconds 0.1 1.

Prints one JSON line per run (gap in per cent to the best known score), then a summary table.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.engines import ENGINES, run
from benchmarks.toptw_files import best_known, read_instance
from services.dispatch.planner import check, warm_up

Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Run every file with every number of teams, budget and engine."""
    options = _parser().parse_args(arguments)
    warm_up()
    rows = []
    for path in options.files:
        known = best_known(path.parent)
        for teams in options.teams or _teams_listed(known, path.stem):
            for seconds in options.seconds:
                for name in options.engines:
                    row = measure(path, teams, seconds, name, options.seed, known)
                    rows.append(row)
                    print(json.dumps(row), flush=True)
    print(summary(rows))
    return 0 if all(row["valid"] for row in rows) else 1


def measure(
    path: Path, teams: int, seconds: float, name: str, seed: int, known: dict[Any, float]
) -> Row:
    """Return one run's line. Travel weighs nothing here: the score is the prize."""
    problem = read_instance(path, teams)
    plan = run(name, problem, seconds, seed)
    broken = check(problem, plan)
    best = known.get((path.stem, teams))
    score = round(plan.score.prize, 3)
    return {
        "instance": path.stem,
        "teams": teams,
        "seconds": seconds,
        "engine": name,
        "score": score,
        "best_known": best,
        "gap": None if not best else round(100 * (1 - score / best), 2),
        "valid": not broken,
        "broken": broken[:3],
    }


def summary(rows: list[Row]) -> str:
    """Return a Markdown table: median, mean and worst gap by engine and budget."""
    gaps: dict[tuple[str, float], list[float]] = defaultdict(list)
    for row in rows:
        if row["gap"] is not None:
            gaps[row["engine"], row["seconds"]].append(row["gap"])
    lines = ["| engine | seconds | cases | median gap % | mean | worst | at best known |"]
    lines.append("|---|---|---|---|---|---|---|")
    for (name, seconds), found in sorted(gaps.items(), key=lambda item: item[0][1]):
        mean, hits = sum(found) / len(found), sum(gap <= 0 for gap in found)
        lines.append(
            f"| {name} | {seconds:g} | {len(found)} | {median(found):.2f} | {mean:.2f} "
            f"| {max(found):.2f} | {hits} |"
        )
    return "\n".join(lines)


def _teams_listed(known: dict[tuple[str, int], float], instance: str) -> list[int]:
    return sorted(teams for name, teams in known if name == instance) or [1]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--teams", type=int, nargs="+", help="default: those with a best known")
    parser.add_argument("--seconds", type=float, nargs="+", default=[1.0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engines", nargs="+", default=["ours"], choices=ENGINES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
