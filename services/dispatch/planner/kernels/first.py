"""The first full plan: the visit with the most points for its time goes in next, at its best place.

The best place of each visit in each route is remembered; one insertion changes one route.
"""

from __future__ import annotations

from typing import Any

from services.dispatch.planner.kernels.anneal import keep_best
from services.dispatch.planner.kernels.arrays import POINTS, TRAVEL, Model, State
from services.dispatch.planner.kernels.compiled import helper, kernel
from services.dispatch.planner.kernels.route import (
    NOWHERE,
    begin,
    best_place,
    count_in,
    put_in,
    retime,
    start_of,
    worth,
)


@helper
def rate(m: Model, s: State, v: int, t: int) -> float:
    """Return the points per second that v would bring in route t; 0 where it does not fit."""
    gain = worth(m, s, v, t)
    if gain <= 0 or s.team_of[v] >= 0 or s.slot_busy[m.slot[v]]:
        return 0.0
    opens, latest = s.opens[v], s.latest[v]
    u = m.partner[v]
    if u >= 0 and s.team_of[u] >= 0:
        if s.team_of[u] == t:
            return 0.0
        starts = start_of(m, s, u)
        opens = max(opens, starts - m.within[v] // 2)
        latest = min(latest, starts - m.within[v] // 2 + m.within[v])
    _, extra, cost = best_place(m, s, v, t, opens, latest, 0.0, 1)
    if cost == NOWHERE or extra >= gain:
        return 0.0
    return float(gain) / float(max(1, cost + m.service[v]))


@kernel
def fill(m: Model, s: State, rates: Any) -> None:
    """Insert greedily until nothing fits; `rates` is scratch space of n x m doubles."""
    best = s.key
    for v in range(m.nodes):
        best[v] = 0.0
        for t in range(m.teams):
            rates[v, t] = rate(m, s, v, t)
            best[v] = max(best[v], rates[v, t])
    while True:
        top = 0
        for v in range(m.nodes):
            if best[v] > best[top]:
                top = v
        if best[top] <= 0.0:
            break
        team = 0
        for t in range(m.teams):
            if rates[top, t] > rates[top, team]:
                team = t
        place(m, s, top, team)
        for v in range(m.nodes):
            if m.party[v] == m.party[top] or m.pairs:
                best[v] = 0.0
                for t in range(m.teams):
                    rates[v, t] = rate(m, s, v, t)
                    best[v] = max(best[v], rates[v, t])
            elif rates[v, team] > 0.0:
                was = rates[v, team]
                rates[v, team] = rate(m, s, v, team)
                if was >= best[v]:
                    best[v] = 0.0
                    for t in range(m.teams):
                        best[v] = max(best[v], rates[v, t])
                elif rates[v, team] > best[v]:
                    best[v] = rates[v, team]
    keep_best(m, s)


@helper
def place(m: Model, s: State, v: int, t: int) -> None:
    opens, latest = s.opens[v], s.latest[v]
    u = m.partner[v]
    if u >= 0 and s.team_of[u] >= 0:
        starts = start_of(m, s, u)
        opens = max(opens, starts - m.within[v] // 2)
        latest = min(latest, starts - m.within[v] // 2 + m.within[v])
    begin(s)
    where, extra, _ = best_place(m, s, v, t, opens, latest, 0.0, 1)
    put_in(m, s, v, t, where, extra)


@kernel
def load(m: Model, s: State) -> None:
    """Book and time the routes that stand in State.node and State.size; they must be feasible."""
    begin(s)
    s.num[POINTS] = 0
    s.num[TRAVEL] = 0
    for t in range(m.teams):
        base = t * m.room
        for k in range(base, base + s.size[t]):
            v = s.node[k]
            s.plc[k] = m.place[v] if v >= 0 else m.end_place[t]
        s.plc[base] = m.start_place[t]
        for k in range(base + 1, base + s.size[t]):
            s.num[TRAVEL] += m.way[s.plc[k - 1] * m.places + s.plc[k]]
        for k in range(base + 1, base + s.size[t] - 1):
            count_in(m, s, s.node[k], t)
        s.over[t] = 0
        retime(m, s, t)
    keep_best(m, s)
