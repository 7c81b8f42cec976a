"""One route: its times, the cheapest place for one more node, putting in and taking out.

An insertion is checked in constant time against the earliest departure before it and the latest
arrival after it (Savelsbergh's push-forward rule). Teams with breaks are `slow`, and all are where
travel goes by time bands: the whole route is run through, which short evening routes allow.
"""

from __future__ import annotations

from services.dispatch.planner.kernels.arrays import (
    BROKEN,
    FAR,
    GONE,
    KEPT,
    MOVED,
    NEVER,
    NEW,
    POINTS,
    STAMP,
    TOUCHED,
    TRAVEL,
    Model,
    State,
)
from services.dispatch.planner.kernels.compiled import draw, helper, subroutine

NOWHERE = 10**15


@helper
def retime(m: Model, s: State, t: int) -> None:
    """Recompute the earliest departures and latest arrivals of route t."""
    base, last = t * m.room, s.size[t] - 1
    if m.slow[t]:
        # Being free earlier can move a break to where it costs more: a shorter route may fail.
        s.num[BROKEN] += run_slow(m, s, t, -1, -1, 0, 0, True) < 0
        return
    s.dep[base] = m.starts[t]
    for k in range(base + 1, base + last):
        v = s.node[k]
        at = s.dep[k - 1] + m.way[s.plc[k - 1] * m.places + s.plc[k]]
        s.dep[k] = max(at, s.opens[v]) + m.service[v]
    end = base + last
    s.dep[end] = s.dep[end - 1] + m.way[s.plc[end - 1] * m.places + s.plc[end]]
    s.lat[end] = m.shift_end[t]
    for k in range(end - 1, base, -1):
        v = s.node[k]
        go = s.lat[k + 1] - m.way[s.plc[k] * m.places + s.plc[k + 1]] - m.service[v]
        s.lat[k] = min(go, s.latest[v])


@helper
def drive(m: Model, cell: int, now: int) -> int:
    """Return the seconds of a drive that begins now, by the first of the bands to arrive."""
    if m.bands == 0:
        return int(m.way[cell])
    soonest, b = NOWHERE, m.bands - 1
    while b > 0 and m.band_from[b] > now:
        soonest = min(soonest, m.band_from[b] + m.band_way[b * m.way.size + cell])
        b -= 1
    return int(min(soonest, now + m.band_way[b * m.way.size + cell]) - now)


@subroutine
def run_slow(
    m: Model, s: State, t: int, extra: int, where: int, begins: int, latest: int, write: bool
) -> int:
    """Run through route t, with `extra` put in after entry `where`, taking breaks when due.

    `extra` starts within [begins, latest]; without one, `where` is -1. A break is taken before a
    stop from which the team would come free too late for it. Returns the seconds that time bands
    add to the route's driving, -1 where it cannot be driven.
    """
    base, last = t * m.room, s.size[t] - 1
    due, stop = m.pause_at[t], m.pause_at[t + 1]
    now, at = m.starts[t], s.plc[base]
    fine, over = True, 0
    if write:
        s.dep[base] = now
    k = 1
    pending = where == 0
    while k <= last:
        v, spot = s.node[base + k], s.plc[base + k]
        first, final = begins, latest
        if pending:
            v, spot = extra, m.place[extra]
        elif k < last:
            first, final = s.opens[v], s.latest[v]
        cell = at * m.places + spot
        is_end = k == last and not pending
        while due < stop:
            if not is_end:
                starts = max(now + drive(m, cell, now), first)
                if starts + m.service[v] <= m.pause_latest[due]:
                    break
            now = max(now, m.pause_opens[due])
            if now > m.pause_latest[due]:
                fine = False
            now += m.pause_seconds[due]
            due += 1
        way = drive(m, cell, now)
        over += way - m.way[cell]
        now += way
        if not is_end:
            now = max(now, first)
            if now > final:
                fine = False
            now += m.service[v]
        at = spot
        if pending:
            pending = False
            continue
        if write:
            s.dep[base + k] = now
        if k == where:
            pending = True
        k += 1
    if write:
        s.num[TRAVEL] += over - s.over[t]
        s.over[t] = over
    return over if fine and now <= m.shift_end[t] else -1


@helper
def start_of(m: Model, s: State, v: int) -> int:
    """Return when the served node v starts."""
    k = s.team_of[v] * m.room + 1
    while s.node[k] != v:
        k += 1
    return int(s.dep[k] - m.service[v])


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
def best_place(
    m: Model, s: State, v: int, t: int, opens: int, latest: int, blink: float, wait: int
) -> tuple[int, int, int]:
    """Return (entry to follow, extra travel, cost) of the cheapest place for v in route t.

    The cost is the extra travel, plus `wait` times the waiting. No place: NOWHERE.
    """
    base, last = t * m.room, s.size[t] - 1
    best, found, extra = NOWHERE, -1, 0
    if last > m.most[t] or opens > latest:
        return found, extra, best
    low, high = 0, last
    if m.rank[v] > 0:
        for k in range(1, last):
            r = m.rank[s.node[base + k]]
            if 0 < r < m.rank[v]:
                low = k
            elif r > m.rank[v]:
                high = min(high, k)
    work = m.service[v]
    row = m.place[v] * m.places
    for k in range(base + low, base + high):
        if s.dep[k] > latest:
            break
        # Most places are ruled out here, before the matrix, which is slow to reach, is read.
        if not m.slow[t]:
            soonest = max(s.dep[k] + m.least_in[v], opens) + work
            if k + 1 < base + last:
                soonest += m.least_out[v]
            if soonest > s.lat[k + 1]:
                continue
        into = m.back[row + s.plc[k]]
        on = m.way[row + s.plc[k + 1]]
        here = s.dep[k] + into
        if here > latest or into >= FAR or on >= FAR:
            continue
        over = 0
        if m.slow[t]:
            over = run_slow(m, s, t, v, k - base, opens, latest, False)
            if over < 0:
                continue
            over -= s.over[t]
        elif max(here, opens) + work + on > s.lat[k + 1]:
            continue
        if blink > 0.0 and draw(s.rng) < blink:
            continue
        longer = into + on - m.way[s.plc[k] * m.places + s.plc[k + 1]]
        cost = longer + over + wait * max(0, opens - here)
        if cost < best:
            best, found, extra = cost, k - base, longer
    return found, extra, best


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
    first = start_of(m, s, u) - m.within[v] // 2
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
    base = t * m.room
    for k in range(base + s.size[t], base + where + 1, -1):
        s.node[k] = s.node[k - 1]
        s.plc[k] = s.plc[k - 1]
    s.node[base + where + 1] = v
    s.plc[base + where + 1] = m.place[v]
    s.size[t] += 1
    s.num[TRAVEL] += extra
    count_in(m, s, v, t)
    retime(m, s, t)
    s.new[s.num[NEW]] = v
    s.num[NEW] += 1


@helper
def cut(m: Model, s: State, t: int, first: int, count: int, skip: int, kept: int) -> None:
    """Take `count` nodes out of route t from entry `first`, keeping `kept` after `skip` of them."""
    touch(m, s, t)
    base, last = t * m.room, s.size[t] - 1
    w, taken, spared = first, 0, 0
    for k in range(first, last + 1):
        v = s.node[base + k]
        s.num[TRAVEL] -= m.way[s.plc[base + k - 1] * m.places + s.plc[base + k]]
        if taken < count and not (taken == skip and spared < kept):
            taken += 1
            drop(m, s, v, t)
            continue
        if taken == skip and spared < kept and taken < count:
            spared += 1
        s.node[base + w] = v
        w += 1
    # Places are rewritten only now: the loop above needs the old neighbours for their travel.
    for k in range(first, w):
        v = s.node[base + k]
        s.plc[base + k] = m.place[v] if v >= 0 else m.end_place[t]
        s.num[TRAVEL] += m.way[s.plc[base + k - 1] * m.places + s.plc[base + k]]
    s.size[t] = w
    retime(m, s, t)


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


@helper
def begin(s: State) -> None:
    """Open a new iteration: nothing touched, nothing to undo."""
    s.num[STAMP] += 1
    s.num[TOUCHED] = 0
    s.num[GONE] = 0
    s.num[NEW] = 0
    s.num[MOVED] = 0
    s.num[BROKEN] = 0
