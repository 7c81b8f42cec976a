"""Turns a problem into the flat arrays of the kernels, and their routes back into visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.dispatch.planner.eligible import eligible_teams, pinned
from services.dispatch.planner.keep import Keep, Promise
from services.dispatch.planner.kernels.arrays import FAR, NEVER, Ints, Model, State
from services.dispatch.planner.problem import Problem, Team
from services.dispatch.planner.rules import LockOrder, Together
from services.dispatch.planner.schedule import windows
from services.dispatch.planner.travel import UNREACHABLE

NEAREST = 256
"""How many nearest nodes are kept per node."""

HIGHEST = 10**9
"""Gains stay below this, so that they and twice FAR fit into 32 bits."""


@dataclass(frozen=True)
class Compiled:
    """A problem as arrays: node i is a way of making visit visit_of[i]."""

    problem: Problem
    model: Model
    visit_of: tuple[str, ...]
    node_of: Mapping[str, int]
    moved_of: Mapping[int, int]

    def span(self, node: int) -> tuple[int, int]:
        """Return the window [opens, latest start] of a node."""
        return int(self.model.opens[node]), int(self.model.latest[node])


def compile_problem(problem: Problem, keep: Keep | None = None) -> Compiled:
    """Return the arrays for a problem; O(visits x teams + places squared) time and memory.

    A promised visit becomes two nodes of which one may be served: as promised, with the narrow
    window that the host was told, and, for fewer points, at any other time.
    """
    keep = keep or Keep()
    asked = problem.visits
    node_of = {visit.id: i for i, visit in enumerate(asked)}
    promises = [promise for promise in keep.promises if promise.visit in node_of]
    paired = {v for r in problem.rules if isinstance(r, Together) for v in (r.first, r.second)}
    # A visit tied to another one's time keeps its promised window or is dropped.
    movable = [node_of[p.visit] for p in promises if p.visit not in paired]
    source = list(range(len(asked))) + movable
    visits = [asked[i] for i in source]
    moved_of = {node: len(asked) + i for i, node in enumerate(movable)}
    spans = _spans(problem, promises)
    spans += [windows(problem)[asked[i].id] for i in movable]
    parties = {party.id: i for i, party in enumerate(problem.parties)}
    owner = [parties[problem.party_of[visit.id].id] for visit in visits]
    place = _ints(problem.parties[i].place for i in owner)
    gain = _gains(problem, node_of)[source]
    promised = _add_promises(problem, keep, gain, node_of, moved_of)
    way = _travel(problem)
    bonus, area, step = _bonuses(problem)
    top = gain.max(axis=1, initial=NEVER) if gain.size else np.full(len(visits), NEVER)
    wanted = np.where(top == NEVER, 0, top + bonus[owner]) if visits else np.zeros(0)
    service = _ints(visit.service for visit in visits)
    least = _least_travel(problem, place, way)
    model = Model(
        nodes=len(visits),
        teams=len(problem.teams),
        places=way.shape[0],
        room=_room(service, least["least_in"], problem),
        pairs=int(any(isinstance(rule, Together) for rule in problem.rules)),
        place=place,
        opens=_ints(span[0] for span in spans),
        latest=_ints(span[1] for span in spans),
        service=service,
        party=_ints(owner),
        slot=_ints(source),
        promised=promised,
        rank=_ranks(problem, node_of)[source],
        **{name: values[source] for name, values in _pairs(problem, node_of).items()},
        wanted=wanted.astype(np.int64),
        **least,
        gain=gain.reshape(-1),
        bonus=bonus,
        area=area,
        step=step.reshape(-1),
        steps=step.shape[1],
        **_teams(problem.teams, way.shape[0] - 1, len(visits)),
        floor=0,
        way=way.reshape(-1),
        back=np.ascontiguousarray(way.T).reshape(-1),
    )
    return Compiled(problem, model, tuple(visit.id for visit in visits), node_of, moved_of)


def _spans(problem: Problem, promises: Sequence[Promise]) -> list[tuple[int, int]]:
    """Return the windows of all visits, narrowed to what was promised where that can be met."""
    spans = dict(windows(problem))
    for promise in promises:
        opens, latest = spans[promise.visit]
        early, late = promise.starts - promise.tolerance, promise.starts + promise.tolerance
        if max(opens, early) <= min(latest, late):
            spans[promise.visit] = (max(opens, early), min(latest, late))
    return [spans[visit.id] for visit in problem.visits]


def _add_promises(
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
    for promise in keep.promises:
        node, mate = node_of.get(promise.visit, -1), column.get(promise.team, -1)
        if node < 0:
            continue
        promised[node] = mate
        for option, loss in ((node, 0), (moved_of.get(node, -1), time)):
            if option >= 0:
                points = np.full(len(column), made - team - loss, dtype=np.int32)
                points[mate] += team if mate >= 0 else 0
                gain[option] += np.where(gain[option] == NEVER, 0, points)
    return promised


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int32)  # type: ignore[call-overload]


def _travel(problem: Problem) -> Ints:
    """Return the matrix with one more place, nowhere, at no distance from all others."""
    size = problem.travel.places
    way = np.zeros((size + 1, size + 1), dtype=np.int32)
    way[:size, :size] = problem.travel.seconds
    way[way == UNREACHABLE] = FAR
    return way


def _gains(problem: Problem, node_of: Mapping[str, int]) -> Ints:
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
    all_else = sum(party.bonus for party in problem.parties) * problem.seconds_per_point
    all_else += float(prize.sum()) + 4.0 * _longest_way(problem)
    prize = prize + must * min(HIGHEST / 2, all_else)
    stray = _strays(problem) * round(problem.outside_penalty * problem.seconds_per_point)
    points = np.clip(np.rint(prize)[:, None] - stray, -HIGHEST, HIGHEST)
    return np.where(may, points, NEVER).astype(np.int32)


def _longest_way(problem: Problem) -> int:
    seconds = problem.travel.seconds
    return int(seconds.max(where=seconds != UNREACHABLE, initial=0))


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


def _bonuses(
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
    return np.array(bonus, dtype=np.int64), _ints(area), step


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


def _teams(teams: Sequence[Team], nowhere: int, visits: int) -> dict[str, Ints]:
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
        "slow": _ints(bool(due) for due in pauses),
        "pause_at": _ints(np.cumsum([0] + [len(due) for due in pauses])),
        "pause_opens": _ints(pause.opens for pause in flat),
        "pause_latest": _ints(pause.latest_start for pause in flat),
        "pause_seconds": _ints(pause.seconds for pause in flat),
    }


def _least_travel(problem: Problem, place: Ints, way: Ints) -> dict[str, Ints]:
    """Return the shortest way to and from each node, over all places that a route may hold."""
    bases = {team.start_place for team in problem.teams}
    bases |= {team.end_place for team in problem.teams if team.end_place is not None}
    used = np.array(sorted({*place.tolist(), *bases}), dtype=np.int64)
    among = way[np.ix_(used, used)]
    np.fill_diagonal(among, FAR)
    where = np.searchsorted(used, place)
    visits_at = np.bincount(place, minlength=len(way)) + np.isin(np.arange(len(way)), list(bases))
    alone = visits_at[place] == 1
    inward = np.where(alone, among.min(axis=0, initial=FAR)[where], 0)
    outward = np.where(alone, among.min(axis=1, initial=FAR)[where], 0)
    return {"least_in": inward.astype(np.int32), "least_out": outward.astype(np.int32)}


def _room(model_service: Ints, least_in: Ints, problem: Problem) -> int:
    """Return the entries that any route can need: start, end and the most stops in a shift."""
    longest = max((team.shift_end - team.starts for team in problem.teams), default=0)
    cost = np.sort(model_service.astype(np.int64) + least_in)
    return int(np.searchsorted(np.cumsum(cost), longest, side="right")) + 4


def new_state(model: Model, seed: int) -> State:
    """Return an empty plan: every route goes from its start to its end."""
    n, m, room = model.nodes, model.teams, model.room
    width = max(1, min(n - 1, NEAREST))
    slots = m * room
    num = np.zeros(16, dtype=np.int64)
    node = np.full(slots, -1, dtype=np.int32)

    def zeros(size: int) -> Ints:
        return np.zeros(size, dtype=np.int32)

    return State(
        node=node,
        dep=zeros(slots),
        lat=zeros(slots),
        plc=zeros(slots),
        size=np.full(m, 2, dtype=np.int32),
        team_of=np.full(n, -1, dtype=np.int32),
        slot_busy=zeros(n),
        party_count=zeros(len(model.bonus)),
        area_count=zeros(len(model.step) // max(1, model.steps)),
        opens=model.opens.copy(),
        latest=model.latest.copy(),
        best_node=node.copy(),
        best_size=np.full(m, 2, dtype=np.int32),
        best_opens=model.opens.copy(),
        best_latest=model.latest.copy(),
        old_node=zeros(slots),
        old_dep=zeros(slots),
        old_lat=zeros(slots),
        old_plc=zeros(slots),
        old_size=zeros(m),
        mark=zeros(m),
        touched=zeros(m),
        gone=zeros(n),
        gone_team=zeros(n),
        new=zeros(n),
        moved=zeros(6 * n + 6),
        cand=zeros(2 * n),
        key=np.zeros(2 * n),
        luck=np.zeros(2 * n),
        to_team=zeros(2 * n),
        to_entry=zeros(2 * n),
        to_extra=zeros(2 * n),
        to_gain=np.zeros(2 * n, dtype=np.int64),
        to_version=zeros(2 * n),
        version=zeros(m),
        teams=zeros(m + 1),
        seen=np.zeros(m, dtype=np.int64),
        near=np.full(n * width, -1, dtype=np.int32),
        near_ready=zeros(n),
        band=zeros(1024),
        taken=zeros(n),
        listed=zeros(m),
        hot=zeros(n),
        rng=np.array([_scramble(seed)], dtype=np.uint64),
        num=num,
    )


def _scramble(seed: int) -> int:
    """Return a well-mixed, never zero generator state for a seed (splitmix64's finaliser)."""
    mask = (1 << 64) - 1
    x = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & mask
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return (x ^ (x >> 31)) or 1
