"""Live re-plan: python -m benchmarks.replan --sizes 300x40 1500x100 --budgets 0.02 0.05 0.2 1.

Half past six, every planned stop promised, done stops and next stops fixed. Each event is answered
within each budget (model building included) and compared with an unrestricted re-solve of eight
seconds. Quality is in points, what stability costs left out, since hosts only see visits. With
--busy another process spins meanwhile, and what is printed is how long a caller waits by the clock.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from benchmarks.evenings import Evening, generated
from services.dispatch.planner import (
    Plan,
    Problem,
    Promise,
    Seconds,
    Stability,
    check,
    solve,
    warm_up,
)
from services.dispatch.planner.replan import (
    Position,
    Revision,
    positions_at,
    remaining,
    replan,
)

HALF_PAST_SIX = 18 * 3600 + 1800
EVENTS = ("team pulled off", "party cancelled", "party added", "20 minutes late", "3 teams lost")
Row = dict[str, Any]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Event:
    """What happened: the problem as it now is, and how the teams stand."""

    problem: Problem
    lost: tuple[str, ...] = ()
    late: dict[str, int] = field(default_factory=dict)


def event(name: str, problem: Problem, plan: Plan, dice: random.Random) -> Event:
    """Return one event on this evening."""
    busy = [route.team for route in plan.routes if len(route.stops) > 3]
    if name == "team pulled off":
        return Event(problem, lost=(dice.choice(busy),))
    if name == "3 teams lost":
        return Event(problem, lost=tuple(dice.sample(busy, 3)))
    if name == "20 minutes late":
        return Event(problem, late={dice.choice(busy): 1200})
    later = sorted(
        stop.party for r in plan.routes for stop in r.stops if stop.starts > HALF_PAST_SIX + 3600
    )
    if name == "party cancelled":
        gone = dice.choice(later)
        left = tuple(party for party in problem.parties if party.id != gone)
        return Event(replace(problem, parties=left))
    chosen = dice.choice(later)
    model = next(party for party in problem.parties if party.id == chosen)
    visit = replace(model.visits[0], id="new/visit", prize=20.0)
    new = replace(model, id="new", visits=(visit,))
    return Event(replace(problem, parties=(*problem.parties, new)))


def main(arguments: list[str] | None = None) -> int:
    """Run every event on every evening within every budget."""
    options = _parser().parse_args(arguments)
    warm_up()
    clock = time.thread_time if options.cpu else time.perf_counter
    if options.busy:
        return busy(options)
    rows = []
    for parties, teams in options.sizes:
        evening = generated(parties, teams, options.seed)
        plan = solve(evening.problem, Seconds(options.plan_seconds, clock), options.seed)
        for name in EVENTS:
            for number in range(options.repeats):
                for row in measure(evening, plan, name, number, options, clock):
                    rows.append({"evening": f"{parties}x{teams}", **row})
                    print(json.dumps(rows[-1]), flush=True)
    print(summary(rows))
    return 0 if all(row["valid"] for row in rows) else 1


@dataclass(frozen=True)
class Case:
    """An event, where the teams are, and what hosts were told."""

    what: Event
    positions: tuple[Position, ...]
    promises: tuple[Promise, ...]

    def answer(self, plan: Plan, budget: Seconds, number: int, options: Any) -> Revision:
        """Return the re-plan within a budget."""
        return replan(
            self.what.problem,
            plan,
            self.positions,
            budget,
            number,
            self.promises,
            stability=Stability(*options.stability),
            most_changed=options.most_changed,
        )


def case(evening: Evening, plan: Plan, name: str, number: int) -> Case:
    """Return one event at half past six, every open stop promised."""
    what = event(name, evening.problem, plan, random.Random(f"{name}/{number}"))
    positions = positions_at(evening.problem, plan, HALF_PAST_SIX, what.lost, what.late)
    settled = {stop.visit for position in positions for stop in position.settled}
    promises = tuple(
        Promise(stop.visit, route.team, stop.starts)
        for route in plan.routes
        for stop in route.stops
        if stop.visit not in settled and stop.visit in what.problem.visit_by_id
    )
    return Case(what, positions, promises)


def busy(options: argparse.Namespace) -> int:
    """Print the median and the 95th percentile of a caller's wait, another process spinning."""
    spinner = multiprocessing.get_context("spawn").Process(target=_spin, daemon=True)
    spinner.start()
    print("| evening | budget, ms | calls | median, ms | 95 of 100 within, ms | longest, ms |")
    print("|---|---|---|---|---|---|")
    try:
        for parties, teams in options.sizes:
            evening = generated(parties, teams, options.seed)
            plan = solve(evening.problem, Seconds(options.plan_seconds), options.seed)
            cases = [
                case(evening, plan, name, number)
                for name in EVENTS
                for number in range(options.repeats)
            ]
            for budget in options.budgets:
                waits = sorted(_wait(each, plan, budget, options) for each in cases)
                late = waits[math.ceil(0.95 * len(waits)) - 1]
                print(
                    f"| {parties}x{teams} | {1000 * budget:g} | {len(waits)} "
                    f"| {median(waits):.0f} | {late:.0f} | {waits[-1]:.0f} |",
                    flush=True,
                )
    finally:
        spinner.kill()
    return 0


def _wait(each: Case, plan: Plan, budget: float, options: argparse.Namespace) -> float:
    began = time.perf_counter()
    each.answer(plan, Seconds(budget), 1, options)
    return 1000 * (time.perf_counter() - began)


def _spin() -> None:
    while True:
        pass


def measure(
    evening: Evening,
    plan: Plan,
    name: str,
    number: int,
    options: argparse.Namespace,
    clock: Clock,
) -> list[Row]:
    """Return one line per budget for one event."""
    this = case(evening, plan, name, number)
    rest = remaining(this.what.problem, {position.team: position for position in this.positions})
    free = solve(rest, Seconds(options.free_seconds, clock), number, start=plan)
    rows = []
    for budget in options.budgets:
        began = clock()
        found = this.answer(plan, Seconds(budget, clock), number, options)
        took = clock() - began
        changed = [change for change in found.changes if change.promised]
        kinds = [change.kind for change in changed]
        rows.append(
            {
                "event": name,
                "budget": budget,
                "took": round(took, 4),
                "quality": round(100 * found.plan.score.points / max(1e-9, free.score.points), 2),
                "promised": len(this.promises),
                "changed": found.changed_promises,
                "beyond": sum(change.old_team not in this.what.lost for change in changed),
                "dropped": kinds.count("dropped"),
                "moved": kinds.count("moved"),
                "handed over": kinds.count("handed over"),
                "valid": not check(found.problem, found.plan),
            }
        )
    return rows


def summary(rows: list[Row]) -> str:
    """Return a Markdown table: quality and promises changed by evening, event and budget."""
    lines = [
        "| evening | event | budget, ms | took, ms | % of re-solve"
        " | promises changed | of teams still on duty |"
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for key in dict.fromkeys((row["evening"], row["event"], row["budget"]) for row in rows):
        same = [r for r in rows if (r["evening"], r["event"], r["budget"]) == key]
        took, quality = (median(r[name] for r in same) for name in ("took", "quality"))
        changed = sorted(row["changed"] for row in same)
        beyond = sorted(row["beyond"] for row in same)
        spread = f"{median(changed):g} (at most {changed[-1]}) of {same[0]['promised']}"
        lines.append(
            f"| {key[0]} | {key[1]} | {1000 * key[2]:g} | {1000 * took:.0f} "
            f"| {quality:.2f} | {spread} | {median(beyond):g} (at most {beyond[-1]}) |"
        )
    return "\n".join(lines)


def _size(text: str) -> tuple[int, int]:
    parties, teams = text.split("x")
    return int(parties), int(teams)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=_size, nargs="+", default=[(300, 40), (1500, 100)])
    parser.add_argument("--budgets", type=float, nargs="+", default=[0.02, 0.05, 0.2, 1.0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--plan-seconds", type=float, default=8.0)
    parser.add_argument("--free-seconds", type=float, default=8.0)
    parser.add_argument("--most-changed", type=int)
    parser.add_argument("--stability", type=float, nargs=3, default=[4.0, 1.0, 1.0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--busy", action="store_true", help="how long callers wait beside a spinner"
    )
    parser.add_argument("--cpu", action="store_true", help="count processor time (busy machine)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
