"""The most points that any plan could have: an upper bound, from the teams' time alone.

Every visit costs its team at least its own length and the shortest way to it. So the best that all
teams' time together could buy, were visits divisible and teams in several places at once, is at
least what any plan is worth (a fractional knapsack); and so is the best of as many visits as the
teams' most stops allow. Only visits that some team could make on an empty evening count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.dispatch.planner.gains import losses
from services.dispatch.planner.kernels.arrays import NEVER
from services.dispatch.planner.model import Compiled
from services.dispatch.planner.problem import Break, Party, Problem
from services.dispatch.planner.schedule import windows

MOST_LISTED = 6
"""Parties with more visits than this are bounded more loosely: their sets are too many to list."""

Longs = npt.NDArray[np.int64]


class _Step(NamedTuple):
    """So much more of a resource for so many more points."""

    needs: float
    points: float


class _Reach(NamedTuple):
    """By visit: whether each team (column) could make it, its least cost in time, its window."""

    able: npt.NDArray[np.bool_]
    cost: Longs
    into: Longs
    out: Longs
    opens: Longs
    closes: Longs


def most_points(compiled: Compiled) -> float:
    """Return the bound on Score.points of every plan of the problem."""
    problem = compiled.problem
    if not problem.visits or not problem.teams:
        return 0.0
    reach = _reach(compiled)
    lost = np.where(reach.able, losses(problem), np.inf).min(axis=1)
    prizes = np.array([visit.prize for visit in problem.visits]) - lost
    worth = {
        visit.id: (float(cost), max(0.0, float(prize)))
        for visit, cost, prize in zip(problem.visits, reach.cost, prizes, strict=True)
        if np.isfinite(prize)
    }
    hours = sum(_hours(problem, reach, t) for t in range(len(problem.teams)))
    by_time = _fill((s for party in problem.parties for s in _steps(party, worth)), hours)
    each = {visit: (1.0, points) for visit, (_, points) in worth.items()}
    stops = sum(len(worth) if t.most_stops is None else t.most_stops for t in problem.teams)
    by_stops = _fill((s for party in problem.parties for s in _steps(party, each)), stops)
    return min(by_time, by_stops) + _areas(problem, worth)


def _reach(compiled: Compiled) -> _Reach:
    """Whether each visit could be the only one: by the shortest way to it from anywhere."""
    problem, model = compiled.problem, compiled.model
    count = len(problem.visits)
    spans = windows(problem)
    span = np.array([spans[visit.id] for visit in problem.visits], dtype=np.int64)
    into, out, service = (
        values[:count].astype(np.int64)
        for values in (model.least_in, model.least_out, model.service)
    )
    ends_somewhere = np.array([team.end_place is not None for team in problem.teams])
    begins = np.maximum(model.starts + into[:, None], span[:, :1])
    home = begins + service[:, None] + out[:, None] * ends_somewhere
    able = model.gain.reshape(model.nodes, model.teams)[:count] != NEVER
    able &= (begins <= span[:, 1:]) & (home <= model.shift_end)
    return _Reach(able, into + service, into, out, span[:, 0], span[:, 1] + service)


def _hours(problem: Problem, reach: _Reach, t: int) -> int:
    """Seconds that a team can spend on visits and the ways to them."""
    team, able = problem.teams[t], reach.able[:, t]
    if not able.any():
        return 0
    begins = max(team.starts, int((reach.opens - reach.into)[able].min()))
    home = 0 if team.end_place is None else int(reach.out[able].min())
    ends = min(team.shift_end - home, int(reach.closes[able].max()))
    return max(0, ends - begins - sum(_inside(pause, begins, ends) for pause in team.breaks))


def _inside(pause: Break, begins: int, ends: int) -> int:
    """Seconds of a break that certainly falls between two times."""
    within = begins <= pause.opens and pause.latest_start + pause.seconds <= ends
    return pause.seconds if within else 0


def _steps(party: Party, worth: Mapping[str, tuple[float, float]]) -> Iterator[_Step]:
    """A party's visits as steps of falling worth for what they need: the hull of all its sets."""
    options = [worth[visit.id] for visit in party.visits if visit.id in worth]
    bonus = 0.0 if party.visited or not options else party.bonus
    if len(options) > MOST_LISTED:
        yield _Step(0.0, bonus)
        yield from (_Step(needs, points) for needs, points in options)
        return
    sets = [
        _Step(sum(needs for needs, _ in some), bonus + sum(points for _, points in some))
        for size in range(1, len(options) + 1)
        for some in combinations(options, size)
    ]
    yield from _hull(sets)


def _hull(sets: Sequence[_Step]) -> Iterator[_Step]:
    here = _Step(0.0, 0.0)
    while higher := [s for s in sets if s.points > here.points]:
        best = max(higher, key=lambda s: (_slope(here, s), s.points))
        yield _Step(max(0.0, best.needs - here.needs), best.points - here.points)
        here = best


def _slope(here: _Step, there: _Step) -> float:
    more = there.needs - here.needs
    return (there.points - here.points) / more if more > 0 else np.inf


def _fill(steps: Iterable[_Step], room: float) -> float:
    """Return the most points of steps, the last one in part, that need no more than `room`."""
    total = 0.0
    for step in sorted(steps, key=lambda s: -s.points / s.needs if s.needs else -np.inf):
        if step.needs >= room:
            return total + (step.points * room / step.needs if step.needs else step.points)
        total, room = total + step.points, room - step.needs
    return total


def _areas(problem: Problem, worth: Mapping[str, object]) -> float:
    """Return the area bonuses if every party that can be visited were."""
    counts = Counter(
        party.area
        for party in problem.parties
        if not party.visited and any(visit.id in worth for visit in party.visits)
    )
    return sum(sum(problem.area_bonus.get(area, ())[:n]) for area, n in counts.items())
