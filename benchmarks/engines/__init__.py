"""Engines behind one face: solve(problem, seconds, seed) -> visits per team, or None.

All but ours are extras (pip install .[bench]) and are imported only when asked for. They get the
same matrix, windows, kinds and prizes; what they cannot express (bonuses, rules) is left out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence

from services.dispatch.planner import Plan, Problem
from services.dispatch.planner.handmade import plan_of

Routes = Mapping[str, Sequence[str]]
Engine = Callable[[Problem, float, int], Routes | None]

ENGINES = ("ours", "ours_cpu", "pyvrp", "vroom", "ortools", "greedy")


def engine(name: str) -> Engine:
    """Return the engine of that name; ImportError says that it is not installed."""
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}; there are {', '.join(ENGINES)}")
    module = importlib.import_module(f"benchmarks.engines.{name}_engine")
    found: Engine = module.solve
    return found


def run(name: str, problem: Problem, seconds: float, seed: int) -> Plan:
    """Return an engine's plan, timed and valued by our own hand; empty if it found none."""
    return plan_of(problem, engine(name)(problem, seconds, seed) or {})
