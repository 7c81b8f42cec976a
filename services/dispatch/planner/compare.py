"""Two plans of one evening side by side: visits, areas, travel, and who changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.dispatch.planner.changes import Change, list_changes
from services.dispatch.planner.checker import check
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.result import Plan


@dataclass(frozen=True, slots=True)
class Figures:
    """What one plan amounts to. `areas` holds the share of parties visited by area."""

    visits: int
    parties: int
    points: float
    travel: int
    latest_end: int
    areas: Mapping[str, float]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of both plans and every visit that differs."""

    first: Figures
    second: Figures
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        a, b = self.first, self.second
        lines = [
            f"visits {a.visits} | {b.visits}",
            f"parties visited {a.parties} | {b.parties}",
            f"points {a.points:g} | {b.points:g}",
            f"driving, minutes {a.travel // 60} | {b.travel // 60}",
            f"rules broken {len(a.broken)} | {len(b.broken)}",
            f"visits that differ {len(self.changes)}",
        ]
        for area in sorted(a.areas.keys() | b.areas.keys()):
            shares = f"{a.areas.get(area, 0):.0%} | {b.areas.get(area, 0):.0%}"
            lines.append(f"area {area or '(none)'} {shares}")
        return "\n".join(lines)


def compare(problem: Problem, first: Plan, second: Plan) -> Comparison:
    """Return two plans of the same problem side by side."""
    changes = list_changes(first, second, problem)
    return Comparison(figures(problem, first), figures(problem, second), changes)


def figures(problem: Problem, plan: Plan) -> Figures:
    """Return what a plan amounts to."""
    asked = Counter(party.area for party in problem.parties if party.visits)
    area = {party.id: party.area for party in problem.parties}
    seen = Counter(area[party] for party in plan.parties_visited)
    return Figures(
        plan.visits_made,
        len(plan.parties_visited),
        plan.score.points,
        plan.score.travel,
        max((route.ends for route in plan.routes if route.stops), default=0),
        {name: seen[name] / count for name, count in sorted(asked.items())},
        tuple(check(problem, plan)),
    )
