"""Turns a problem into the flat arrays of the kernels, and their routes back into visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.dispatch.planner.eligible import pinned
from services.dispatch.planner.gains import add_promises, bonuses, gains, must_gain
from services.dispatch.planner.keep import Keep, Promise
from services.dispatch.planner.kernels.arrays import NEVER, Ints, Model
from services.dispatch.planner.problem import Problem, Team, Visit
from services.dispatch.planner.rules import LockOrder, Together
from services.dispatch.planner.schedule import windows
from services.dispatch.planner.travel import Flat


@dataclass(frozen=True)
class Compiled:
    """A problem as arrays: node i is a way of making visit visit_of[i].

    The gains of the model are higher than the points: by `must_gain` for nodes that are pinned,
    and in all by `promised_gain` where every promise is kept.
    """

    problem: Problem
    model: Model
    visit_of: tuple[str, ...]
    node_of: Mapping[str, int]
    moved_of: Mapping[int, int]
    must_gain: npt.NDArray[np.int64]
    promised_gain: int

    def span(self, node: int) -> tuple[int, int]:
        """Return the window [opens, latest start] of a node."""
        return int(self.model.opens[node]), int(self.model.latest[node])


def compile_problem(problem: Problem, keep: Keep | None = None) -> Compiled:
    """Return the arrays for a problem; O(visits x teams + places squared) time and memory.

    A promised visit becomes two nodes of which one may be served: as promised, with the narrow
    window that the host was told, and, for fewer points, at any other time.
    """
    keep = keep or Keep()
    nodes = _nodes(problem, keep)
    flat = problem.travel.flat
    place = _ints(problem.parties[i].place for i in nodes.owner)
    service = _ints(visit.service for visit in nodes.visits)
    least = _least_travel(problem, place, flat)
    gain = gains(problem, nodes.node_of)[nodes.source]
    promised = add_promises(problem, keep, gain, nodes.node_of, nodes.moved_of)
    bonus, area, step = bonuses(problem)
    model = Model(
        nodes=len(nodes.visits),
        teams=len(problem.teams),
        places=problem.travel.places + 1,
        room=_room(service, least["least_in"], problem),
        pairs=int(any(isinstance(rule, Together) for rule in problem.rules)),
        floor=0,
        place=place,
        opens=_ints(span[0] for span in nodes.spans),
        latest=_ints(span[1] for span in nodes.spans),
        service=service,
        party=_ints(nodes.owner),
        slot=_ints(nodes.source),
        promised=promised,
        rank=_ranks(problem, nodes.node_of)[nodes.source],
        **{name: v[nodes.source] for name, v in _pairs(problem, nodes.node_of).items()},
        wanted=_wanted(gain, bonus, nodes.owner),
        **least,
        gain=gain.reshape(-1),
        bonus=bonus,
        area=area,
        step=step.reshape(-1),
        steps=step.shape[1],
        **_teams(problem.teams, problem.travel.places, len(nodes.visits), flat.bands > 0),
        way=flat.way,
        both=flat.both,
        bands=flat.bands,
        band_from=flat.band_from,
        band_way=flat.band_way,
    )
    visit_of = tuple(visit.id for visit in nodes.visits)
    first = pinned(problem)
    must = np.array([visit in first for visit in visit_of], dtype=np.int64)
    made = round(problem.seconds_per_point * keep.stability.made)
    kept = sum(promise.visit in nodes.node_of for promise in keep.promises)
    ranks = (must * must_gain(problem), made * kept)
    return Compiled(problem, model, visit_of, nodes.node_of, nodes.moved_of, *ranks)


class _Nodes(NamedTuple):
    """The nodes: first every visit, then once more those whose promise may be moved."""

    visits: Sequence[Visit]
    source: Sequence[int]
    owner: Sequence[int]
    spans: Sequence[tuple[int, int]]
    node_of: Mapping[str, int]
    moved_of: Mapping[int, int]


def _nodes(problem: Problem, keep: Keep) -> _Nodes:
    asked, free = problem.visits, windows(problem)
    node_of = {visit.id: i for i, visit in enumerate(asked)}
    promises = [promise for promise in keep.promises if promise.visit in node_of]
    paired = {v for r in problem.rules if isinstance(r, Together) for v in (r.first, r.second)}
    # A visit tied to another one's time keeps its promised window or is dropped.
    movable = [node_of[p.visit] for p in promises if p.visit not in paired]
    source = [*range(len(asked)), *movable]
    parties = {party.id: i for i, party in enumerate(problem.parties)}
    return _Nodes(
        visits=[asked[i] for i in source],
        source=source,
        owner=[parties[problem.party_of[asked[i].id].id] for i in source],
        spans=_spans(problem, promises, free) + [free[asked[i].id] for i in movable],
        node_of=node_of,
        moved_of={node: len(asked) + i for i, node in enumerate(movable)},
    )


def _wanted(
    gain: Ints, bonus: npt.NDArray[np.int64], owner: Sequence[int]
) -> npt.NDArray[np.int64]:
    """Return the most that each node can be worth to any team, 0 where nobody may serve it."""
    if not gain.size:
        return np.zeros(len(gain), dtype=np.int64)
    top = gain.max(axis=1).astype(np.int64)
    return np.where(top == NEVER, 0, top + bonus[list(owner)])


def _spans(
    problem: Problem, promises: Sequence[Promise], free: Mapping[str, tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the windows of all visits, narrowed to what was promised where that can be met."""
    spans = dict(free)
    for promise in promises:
        opens, latest = spans[promise.visit]
        early, late = promise.starts - promise.tolerance, promise.starts + promise.tolerance
        if max(opens, early) <= min(latest, late):
            spans[promise.visit] = (max(opens, early), min(latest, late))
    return [spans[visit.id] for visit in problem.visits]


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int32)  # type: ignore[call-overload]  # numpy wants to know the kind of value


def _ranks(problem: Problem, node_of: Mapping[str, int]) -> Ints:
    rank = np.zeros(len(node_of), dtype=np.int32)
    for rule in problem.rules:
        if isinstance(rule, LockOrder):
            for number, visit in enumerate(rule.visits, start=1):
                rank[node_of[visit]] = number
    return rank


def _pairs(problem: Problem, node_of: Mapping[str, int]) -> dict[str, Ints]:
    partner = np.full(len(node_of), -1, dtype=np.int32)
    within = np.zeros(len(node_of), dtype=np.int32)
    for rule in problem.rules:
        if isinstance(rule, Together):
            a, b = node_of[rule.first], node_of[rule.second]
            partner[a], partner[b] = b, a
            within[[a, b]] = rule.within
    return {"partner": partner, "within": within}


def _teams(teams: Sequence[Team], nowhere: int, visits: int, banded: bool) -> dict[str, Ints]:
    pauses = [
        sorted(team.breaks, key=lambda pause: (pause.latest_start, pause.opens)) for team in teams
    ]
    flat = [pause for due in pauses for pause in due]
    return {
        "start_place": _ints(team.start_place for team in teams),
        "end_place": _ints(nowhere if team.end_place is None else team.end_place for team in teams),
        "starts": _ints(team.starts for team in teams),
        "shift_end": _ints(team.shift_end for team in teams),
        "most": _ints(
            visits if team.most_stops is None else min(team.most_stops, visits) for team in teams
        ),
        "slow": _ints(banded or bool(due) for due in pauses),
        "pause_at": _ints(np.cumsum([0] + [len(due) for due in pauses])),
        "pause_opens": _ints(pause.opens for pause in flat),
        "pause_latest": _ints(pause.latest_start for pause in flat),
        "pause_seconds": _ints(pause.seconds for pause in flat),
    }


def _least_travel(problem: Problem, place: Ints, flat: Flat) -> dict[str, Ints]:
    """Return the shortest way to and from each node: none where it shares its place."""
    at = np.bincount(place, minlength=problem.travel.places)
    for team in problem.teams:
        at[team.start_place] += 1
        if team.end_place is not None:
            at[team.end_place] += 1
    alone = at[place] == 1
    inward = np.where(alone, flat.least_in[place], 0).astype(np.int32)
    outward = np.where(alone, flat.least_out[place], 0).astype(np.int32)
    return {"least_in": inward, "least_out": outward}


def _room(model_service: Ints, least_in: Ints, problem: Problem) -> int:
    """Return the entries that any route can need: start, end and the most stops in a shift."""
    longest = max((team.shift_end - team.starts for team in problem.teams), default=0)
    cost = np.sort(model_service.astype(np.int64) + least_in)
    return int(np.searchsorted(np.cumsum(cost), longest, side="right")) + 4
