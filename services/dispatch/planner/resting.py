"""Where on a route a team takes its breaks: such that it is free again as early as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.dispatch.planner.problem import Break, Problem, Team
from services.dispatch.planner.travel import UNREACHABLE

Call = tuple[int, int, int, int]
"""A stop: its place, when it opens, its latest start, how long it takes."""


@dataclass(frozen=True, slots=True)
class _Label:
    """The earliest time at a point of the route, and after which stops breaks were taken so far."""

    free: int
    rests: tuple[int, ...]


def rests(problem: Problem, team: Team, calls: Sequence[Call]) -> tuple[int, ...] | None:
    """Return after how many stops each break is taken, in order; None if the route fails.

    A break is taken as late as costs nothing. For each number of breaks taken, the earliest time
    is enough to know, since nobody arrives later for leaving earlier.
    """
    due = in_order(team)
    labels: list[_Label | None] = [_Label(team.starts, ())] + [None] * len(due)
    _rest(labels, due, 0)
    place = team.start_place
    for number, call in enumerate(calls, start=1):
        labels = [label and _served(problem, place, label, call) for label in labels]
        _rest(labels, due, number)
        place = call[0]
    last = labels[-1]
    if last is None:
        return None
    way = 0
    if team.end_place is not None:
        way = problem.travel.between(place, team.end_place, last.free)
    fits = way != UNREACHABLE and last.free + way <= team.shift_end
    return last.rests if fits else None


def in_order(team: Team) -> list[Break]:
    """Return a team's breaks in the order in which they are taken."""
    return sorted(team.breaks, key=lambda pause: (pause.latest_start, pause.opens))


def _rest(labels: list[_Label | None], due: Sequence[Break], number: int) -> None:
    for taken, pause in enumerate(due):
        label, other = labels[taken], labels[taken + 1]
        if label is None or max(label.free, pause.opens) > pause.latest_start:
            continue
        free = max(label.free, pause.opens) + pause.seconds
        if other is None or free <= other.free:
            labels[taken + 1] = _Label(free, (*label.rests, number))


def _served(problem: Problem, place: int, label: _Label, call: Call) -> _Label | None:
    there, opens, latest, service = call
    way = problem.travel.between(place, there, label.free)
    starts = max(label.free + way, opens)
    if way == UNREACHABLE or starts > latest:
        return None
    return _Label(starts + service, label.rests)
