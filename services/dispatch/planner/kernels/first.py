"""The first full plan: the visit with the most points for its time goes in next, at its best place.

What each visit would bring in each route is remembered; one insertion changes one route.
"""

from __future__ import annotations

from typing import Any

from services.dispatch.planner.kernels.anneal import keep_best
from services.dispatch.planner.kernels.arrays import POINTS, TRAVEL, Model, State
from services.dispatch.planner.kernels.compiled import helper, kernel
from services.dispatch.planner.kernels.fit import best_place
from services.dispatch.planner.kernels.route import (
    begin,
    count_in,
    hour,
    put_in,
    retime,
    worth,
)
from services.dispatch.planner.kernels.ruin import neighbours
from services.dispatch.planner.kernels.slow import NOWHERE


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
        begins = hour(m, s, v)
        opens, latest = max(opens, begins), min(latest, begins + m.within[v])
    _, extra, cost = best_place(m, s, v, t, opens, latest, 0.0, 1)
    if cost == NOWHERE or extra >= gain:
        return 0.0
    return float(gain) / float(max(1, cost + m.service[v]))


@kernel
def fill(m: Model, s: State, rates: Any) -> None:
    """Insert greedily until nothing fits; `rates` is scratch space of n x m doubles.

    A route that has grown is dearer for all but those near its new stop. So only these are
    looked at anew; of the others a rate too high is found out when its turn comes.
    """
    best, width = s.key, s.near.size // m.places
    for t in range(m.teams):
        s.teams[t] = twin(m, s, t)
    for v in range(m.nodes):
        best[v] = 0.0
        for t in range(m.teams):
            u = s.teams[t]
            alike = u < t and m.gain[v * m.teams + u] == m.gain[v * m.teams + t]
            rates[v, t] = rates[v, u] if alike else rate(m, s, v, t)
            best[v] = max(best[v], rates[v, t])
    while True:
        top = highest(best, m.nodes)
        if best[top] <= 0.0:
            break
        was, team = best[top], highest(rates[top], m.teams)
        best[top] = rate(m, s, top, team)
        while best[top] < rates[top, team]:
            rates[top, team] = best[top]
            team = highest(rates[top], m.teams)
            best[top] = rate(m, s, top, team)
        if best[top] < was:
            continue
        place(m, s, top, team)
        best[top] = 0.0
        near = neighbours(m, s, top, width)
        for i in range(near, near + width):
            v = s.near[i]
            if v < 0:
                break
            if rates[v, team] > 0.0:
                rates[v, team] = rate(m, s, v, team)
                best[v] = max(best[v], rates[v, team])
    s.dirty[:] = 1
    keep_best(m, s)


@helper
def highest(values: Any, count: int) -> int:
    """Return where the highest of the first `count` values stands."""
    top = 0
    for i in range(1, count):
        if values[i] > values[top]:
            top = i
    return top


@helper
def twin(m: Model, s: State, t: int) -> int:
    """Return the first idle team that starts and ends where and when the idle team t does."""
    for u in range(t):
        idle = s.size[u] == 2 and s.size[t] == 2 and not (m.slow[u] or m.slow[t])
        when = m.starts[u] == m.starts[t] and m.shift_end[u] == m.shift_end[t]
        where = m.start_place[u] == m.start_place[t] and m.end_place[u] == m.end_place[t]
        if idle and when and where and (m.most[u] > 0) == (m.most[t] > 0):
            return u
    return t


@helper
def place(m: Model, s: State, v: int, t: int) -> None:
    opens, latest = s.opens[v], s.latest[v]
    u = m.partner[v]
    if u >= 0 and s.team_of[u] >= 0:
        begins = hour(m, s, v)
        opens, latest = max(opens, begins), min(latest, begins + m.within[v])
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
            s.leg[k] = m.way[s.plc[k - 1] * m.places + s.plc[k]]
            s.num[TRAVEL] += s.leg[k]
        for k in range(base + 1, base + s.size[t] - 1):
            count_in(m, s, s.node[k], t)
        s.over[t] = 0
        retime(m, s, t)
    s.dirty[:] = 1
    keep_best(m, s)
