"""One route: its times, putting in and taking out. Where one more node fits is in fit.py.

Teams that are `slow` have no latest arrivals; their routes are run through in full (slow.py).
"""

from __future__ import annotations

from services.dispatch.planner.kernels.arrays import (
    BROKEN,
    GONE,
    KEPT,
    MOVED,
    NEVER,
    NEW,
    POINTS,
    SKEW,
    STAMP,
    TOUCHED,
    TRAVEL,
    Model,
    State,
)
from services.dispatch.planner.kernels.compiled import helper
from services.dispatch.planner.kernels.slow import run_slow


@helper
def retime(m: Model, s: State, t: int) -> None:
    """Recompute the earliest departures and latest arrivals of route t."""
    base, last = t * m.room, s.size[t] - 1
    if m.slow[t]:
        # Ways that no triangle bounds may be longer without a stop between them.
        s.num[BROKEN] += run_slow(m, s, t, -1, -1, 0, 0, True) < 0
        return
    s.dep[base] = m.starts[t]
    for k in range(base + 1, base + last):
        v = s.node[k]
        s.dep[k] = max(s.dep[k - 1] + s.leg[k], s.opens[v]) + m.service[v]
    end = base + last
    s.dep[end] = s.dep[end - 1] + s.leg[end]
    s.lat[end] = m.shift_end[t]
    for k in range(end - 1, base, -1):
        v = s.node[k]
        s.lat[k] = min(s.lat[k + 1] - s.leg[k + 1] - m.service[v], s.latest[v])


@helper
def settle(m: Model, s: State, t: int, first: int, last: int) -> None:
    """Recompute the times of route t, where the ways into entries first to last are new.

    Outside of these it goes on only as far as times change.
    """
    if m.slow[t]:
        retime(m, s, t)
        return
    base = t * m.room
    end = base + s.size[t] - 1
    last = min(last, end - 1)
    for k in range(first, end + 1):
        v = s.node[k]
        at = s.dep[k - 1] + s.leg[k]
        if k < end:
            at = max(at, s.opens[v]) + m.service[v]
        if k > last and at == s.dep[k]:
            break
        s.dep[k] = at
    for k in range(last, base, -1):
        v = s.node[k]
        at = min(s.lat[k + 1] - s.leg[k + 1] - m.service[v], s.latest[v])
        if k < first and at == s.lat[k]:
            break
        s.lat[k] = at


@helper
def start_of(m: Model, s: State, v: int) -> int:
    """Return when the served node v starts."""
    t = s.team_of[v]
    k = t * m.room + 1
    while s.node[k] != v:
        k += 1
    leaves = s.lat[k] if m.slow[t] else s.dep[k]
    return int(leaves - m.service[v])


@helper
def hour(m: Model, s: State, v: int) -> int:
    """Return when the common hour of v and its served partner begins: now, before, or around."""
    return int(start_of(m, s, m.partner[v]) - m.within[v] * s.num[SKEW] // 2)


@helper
def first_visit(m: Model, s: State, v: int) -> int:
    """Return the points that v earns now for being its party's first visit, 0 if it is not."""
    p = m.party[v]
    if s.party_count[p] > 0:
        return 0
    a = m.area[p]
    return int(m.bonus[p] + m.step[a * m.steps + min(int(s.area_count[a]), m.steps - 1)])


@helper
def worth(m: Model, s: State, v: int, t: int) -> int:
    """Return what serving v by t adds to the points now; NEVER if t may not."""
    gain = int(m.gain[v * m.teams + t])
    return gain if gain == NEVER else gain + first_visit(m, s, v)


@helper
def touch(m: Model, s: State, t: int) -> None:
    """Keep a copy of route t before its first change in this iteration."""
    if s.mark[t] == s.num[STAMP]:
        return
    s.mark[t] = s.num[STAMP]
    s.touched[s.num[TOUCHED]] = t
    s.num[TOUCHED] += 1
    s.old_size[t] = s.size[t]
    s.old_over[t] = s.over[t]
    for k in range(t * m.room, t * m.room + s.size[t]):
        s.old_node[k] = s.node[k]
        s.old_dep[k] = s.dep[k]
        s.old_lat[k] = s.lat[k]
        s.old_plc[k] = s.plc[k]
        s.old_leg[k] = s.leg[k]


@helper
def count_in(m: Model, s: State, v: int, t: int) -> None:
    """Book v as served by t."""
    s.num[POINTS] += worth(m, s, v, t)
    p = m.party[v]
    if s.party_count[p] == 0:
        s.area_count[m.area[p]] += 1
    s.party_count[p] += 1
    s.slot_busy[m.slot[v]] = 1
    s.team_of[v] = t
    if m.promised[v] == t:
        s.num[KEPT] += 1


@helper
def count_out(m: Model, s: State, v: int, t: int) -> None:
    """Book v as no longer served by t."""
    p = m.party[v]
    s.party_count[p] -= 1
    if s.party_count[p] == 0:
        s.area_count[m.area[p]] -= 1
    s.slot_busy[m.slot[v]] = 0
    s.team_of[v] = -1
    if m.promised[v] == t:
        s.num[KEPT] -= 1
    s.num[POINTS] -= worth(m, s, v, t)


@helper
def open_window(m: Model, s: State, v: int, opens: int, latest: int) -> None:
    """Change the window of v, noting the old one for undo."""
    i = 3 * s.num[MOVED]
    s.moved[i], s.moved[i + 1], s.moved[i + 2] = v, s.opens[v], s.latest[v]
    s.num[MOVED] += 1
    s.opens[v], s.latest[v] = opens, latest


@helper
def part(m: Model, s: State, v: int) -> None:
    """Free the partner of v, which is being taken out, from their common hour."""
    u = m.partner[v]
    if u < 0 or s.team_of[u] < 0:
        return
    open_window(m, s, v, m.opens[v], m.latest[v])
    open_window(m, s, u, m.opens[u], m.latest[u])
    touch(m, s, s.team_of[u])
    retime(m, s, s.team_of[u])


@helper
def join(m: Model, s: State, v: int) -> None:
    """Tie v, which is being put in, and its served partner to a common hour."""
    u = m.partner[v]
    if u < 0 or s.team_of[u] < 0:
        return
    first = hour(m, s, v)
    last = first + m.within[v]
    open_window(m, s, v, max(m.opens[v], first), min(m.latest[v], last))
    open_window(m, s, u, max(m.opens[u], first), min(m.latest[u], last))
    touch(m, s, s.team_of[u])
    retime(m, s, s.team_of[u])


@helper
def put_in(m: Model, s: State, v: int, t: int, where: int, extra: int) -> None:
    """Put v into route t after entry `where`."""
    touch(m, s, t)
    if m.pairs:
        join(m, s, v)
    at = t * m.room + where + 1
    for k in range(t * m.room + s.size[t], at, -1):
        s.node[k] = s.node[k - 1]
        s.dep[k] = s.dep[k - 1]
        s.lat[k] = s.lat[k - 1]
        s.plc[k] = s.plc[k - 1]
        s.leg[k] = s.leg[k - 1]
    s.node[at] = v
    s.plc[at] = m.place[v]
    row = 2 * m.place[v] * m.places
    s.leg[at], s.leg[at + 1] = m.both[row + 2 * s.plc[at - 1]], m.both[row + 2 * s.plc[at + 1] + 1]
    s.size[t] += 1
    s.num[TRAVEL] += extra
    count_in(m, s, v, t)
    settle(m, s, t, at, at + 1)
    s.new[s.num[NEW]] = v
    s.num[NEW] += 1


@helper
def cut(m: Model, s: State, t: int, first: int, count: int, skip: int, kept: int) -> None:
    """Take `count` nodes out of route t from entry `first`, keeping `kept` after `skip` of them."""
    touch(m, s, t)
    first, end = t * m.room + first, t * m.room + s.size[t] - 1
    w, taken, spared, gap = first, 0, 0, False
    for k in range(first, end + 1):
        v = s.node[k]
        if taken < count and not (taken == skip and spared < kept):
            s.num[TRAVEL] -= s.leg[k]
            taken += 1
            gap = True
            drop(m, s, v, t)
            continue
        spared += taken < count
        s.node[w], s.dep[w], s.lat[w], s.plc[w] = v, s.dep[k], s.lat[k], s.plc[k]
        way = s.leg[k]
        if gap:
            way = m.way[s.plc[w - 1] * m.places + s.plc[w]]
            s.num[TRAVEL] += way - s.leg[k]
        s.leg[w] = way
        gap = False
        w += 1
    s.size[t] = w - t * m.room
    settle(m, s, t, first, first + spared)


@helper
def drop(m: Model, s: State, v: int, t: int) -> None:
    """Book v out of t and remember it for undo."""
    if m.pairs:
        part(m, s, v)
    count_out(m, s, v, t)
    s.gone[s.num[GONE]] = v
    s.gone_team[s.num[GONE]] = t
    s.num[GONE] += 1


@helper
def undo(m: Model, s: State) -> None:
    """Put everything back as it was when the iteration began."""
    for i in range(s.num[NEW]):
        v = s.new[i]
        if s.team_of[v] >= 0:
            count_out(m, s, v, s.team_of[v])
    for i in range(s.num[GONE]):
        v = s.gone[i]
        if s.team_of[v] < 0:
            count_in(m, s, v, s.gone_team[i])
    for i in range(s.num[MOVED] - 1, -1, -1):
        v = s.moved[3 * i]
        s.opens[v], s.latest[v] = s.moved[3 * i + 1], s.moved[3 * i + 2]
    for i in range(s.num[TOUCHED]):
        t = s.touched[i]
        s.size[t] = s.old_size[t]
        s.over[t] = s.old_over[t]
        for k in range(t * m.room, t * m.room + s.size[t]):
            s.node[k] = s.old_node[k]
            s.dep[k] = s.old_dep[k]
            s.lat[k] = s.old_lat[k]
            s.plc[k] = s.old_plc[k]
            s.leg[k] = s.old_leg[k]


@helper
def begin(s: State) -> None:
    """Open a new iteration: nothing touched, nothing to undo."""
    s.num[STAMP] += 1
    s.num[TOUCHED] = 0
    s.num[GONE] = 0
    s.num[NEW] = 0
    s.num[MOVED] = 0
    s.num[BROKEN] = 0
