"""The cheapest place for one more node in a route.

An insertion is checked in constant time against the earliest departure before it and the latest
arrival after it (Savelsbergh's push-forward rule).
"""

from __future__ import annotations

from services.dispatch.planner.kernels.arrays import FAR, Model, State
from services.dispatch.planner.kernels.compiled import draw, helper
from services.dispatch.planner.kernels.slow import NOWHERE, run_slow


@helper
def list_fits(
    m: Model, s: State, v: int, t: int, opens: int, latest: int, low: int, high: int
) -> int:
    """List in State.fits the entries after which v may fit, by its shortest ways; count them.

    Most places are ruled out here, without a branch to guess wrong, before the matrix is read.
    """
    count = 0
    if m.slow[t]:
        for k in range(low, high):
            s.fits[count] = k
            count += s.dep[k] <= latest
        return count
    least_in, after = m.least_in[v], m.service[v] + m.least_out[v]
    end = t * m.room + s.size[t] - 2
    for k in range(low, min(high, end)):
        s.fits[count] = k
        soonest = max(s.dep[k] + least_in, opens) + after
        count += (s.dep[k] <= latest) & (soonest <= s.lat[k + 1])
    if high > end:
        s.fits[count] = end
        soonest = max(s.dep[end] + least_in, opens) + m.service[v]
        count += (s.dep[end] <= latest) & (soonest <= s.lat[end + 1])
    return count


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
    row = 2 * m.place[v] * m.places
    count = list_fits(m, s, v, t, opens, latest, base + low, base + high)
    for i in range(count):
        k = s.fits[i]
        into, on = m.both[row + 2 * s.plc[k]], m.both[row + 2 * s.plc[k + 1] + 1]
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
        longer = into + on - s.leg[k + 1]
        cost = longer + over + wait * max(0, opens - here)
        if cost < best:
            best, found, extra = cost, k - base, longer
    return found, extra, best
