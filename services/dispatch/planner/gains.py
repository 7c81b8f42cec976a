"""What each visit is worth to each team, in score units: points x seconds_per_point."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from services.dispatch.planner.eligible import eligible_teams, pinned
from services.dispatch.planner.keep import Keep
from services.dispatch.planner.kernels.arrays import NEVER, Ints
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.travel import UNREACHABLE

HIGHEST = 10**9
"""Gains stay below this, so that they and twice FAR fit into 32 bits."""


def gains(problem: Problem, node_of: Mapping[str, int]) -> Ints:
    """Return (nodes, teams) points x seconds_per_point, NEVER where the team may not serve."""
    column = {team.id: j for j, team in enumerate(problem.teams)}
    allowed = eligible_teams(problem)
    rows: dict[frozenset[str], npt.NDArray[np.bool_]] = {}
    for teams in set(allowed.values()):
        rows[teams] = np.zeros(len(column), dtype=bool)
        rows[teams][[column[team] for team in teams]] = True
    may = np.array([rows[allowed[visit]] for visit in node_of]).reshape(len(node_of), len(column))
    prize = np.array([visit.prize for visit in problem.visits]) * problem.seconds_per_point
    first = pinned(problem)
    must = np.array([visit.id in first for visit in problem.visits])
    prize = prize + must * must_gain(problem)
    lost = np.rint(losses(problem) * problem.seconds_per_point)
    points = np.clip(np.rint(prize)[:, None] - lost, -HIGHEST, HIGHEST)
    return np.where(may, points, NEVER).astype(np.int32)


def must_gain(problem: Problem) -> int:
    """Return the gain of a pinned visit beyond its prize: more than all else together."""
    prizes = sum(visit.prize for visit in problem.visits)
    bonus_points = sum(party.bonus for party in problem.parties)
    all_else = (prizes + bonus_points) * problem.seconds_per_point
    return round(min(HIGHEST / 2, all_else + 4.0 * _longest_way(problem)))


def _longest_way(problem: Problem) -> int:
    ways = (problem.travel.seconds, *(band.seconds for band in problem.travel.bands))
    return max(int(way.max(where=way != UNREACHABLE, initial=0)) for way in ways)


def losses(problem: Problem) -> npt.NDArray[np.float64]:
    """Return (visits, teams) the points that a visit by a team loses for where or who it is."""
    lost = np.multiply(_strays(problem), problem.outside_penalty, dtype=np.float64)
    if problem.lacking_penalty:
        lost += _lacking(problem) * problem.lacking_penalty
    return lost


def _lacking(problem: Problem) -> Ints:
    """Return (visits, teams) 1 where the team lacks something that the visit likes."""
    rows: dict[frozenset[str], list[bool]] = {}
    for visit in problem.visits:
        if visit.likes not in rows:
            rows[visit.likes] = [not visit.likes <= team.offers for team in problem.teams]
    shape = (len(problem.visits), len(problem.teams))
    return np.array([rows[visit.likes] for visit in problem.visits], np.int32).reshape(shape)


def _strays(problem: Problem) -> Ints:
    """Return (nodes, teams) 1 where the party is outside the areas that the team prefers."""
    areas = [party.area for party in problem.parties for _ in party.visits]
    names = sorted(set(areas))
    index = np.array([names.index(area) for area in areas], dtype=np.int64)
    outside = np.zeros((len(names), len(problem.teams)), dtype=np.int32)
    for j, team in enumerate(problem.teams):
        if team.prefer_areas:
            outside[:, j] = [name not in team.prefer_areas for name in names]
    return outside[index] if len(index) else np.zeros((0, len(problem.teams)), dtype=np.int32)


def bonuses(
    problem: Problem,
) -> tuple[npt.NDArray[np.int64], Ints, npt.NDArray[np.int64]]:
    """Return each party's bonus and area, and each area's bonus by number of parties visited."""
    worth = problem.seconds_per_point
    bonus = [0 if party.visited else round(party.bonus * worth) for party in problem.parties]
    names = ["", *sorted(problem.area_bonus)]
    area = [
        names.index(party.area) if party.area in problem.area_bonus and not party.visited else 0
        for party in problem.parties
    ]
    longest = max((len(steps) for steps in problem.area_bonus.values()), default=0)
    step = np.zeros((len(names), longest + 1), dtype=np.int64)
    for i, name in enumerate(names):
        values = problem.area_bonus.get(name, ()) if name else ()
        step[i, : len(values)] = [round(value * worth) for value in values]
    return np.array(bonus, dtype=np.int64), np.array(area, dtype=np.int32), step


def add_promises(
    problem: Problem,
    keep: Keep,
    gain: Ints,
    node_of: Mapping[str, int],
    moved_of: Mapping[int, int],
) -> Ints:
    """Price the promises into the gains; return by node the team that keeps it, or -1."""
    promised = np.full(len(gain), -1, dtype=np.int32)
    column = {team.id: j for j, team in enumerate(problem.teams)}
    worth, cost = problem.seconds_per_point, keep.stability
    made, team, time = (round(x * worth) for x in (cost.made, cost.other_team, cost.other_time))
    known = [promise for promise in keep.promises if promise.visit in node_of]
    nodes = [node_of[promise.visit] for promise in known]
    mates = np.array([column.get(promise.team, -1) for promise in known], dtype=np.int32)
    promised[nodes] = mates
    for loss, options in ((0, nodes), (time, [moved_of.get(node, -1) for node in nodes])):
        there = np.array([option >= 0 for option in options], dtype=bool)
        rows, kept = np.array(options, dtype=np.int64)[there], mates[there]
        points = gain[rows]
        more = np.full(points.shape, made - team - loss, dtype=np.int32)
        more[np.flatnonzero(kept >= 0), kept[kept >= 0]] += team
        gain[rows] = np.where(points == NEVER, NEVER, points + more)
    return promised
