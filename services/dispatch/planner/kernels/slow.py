"""Routes that are run through in full for every place tried: with breaks, or with time bands.

Short evening routes allow it. In routes of these teams State.dep holds the earliest times without
breaks, a lower bound, and State.lat when each stop really ends. Only route.py calls it.
"""

from __future__ import annotations

from services.dispatch.planner.kernels.arrays import FAR, TRAVEL, Model, State
from services.dispatch.planner.kernels.compiled import helper, subroutine

NOWHERE = 10**15


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
    """Run through route t, with `extra` put in after entry `where`, its breaks where they fit best.

    `extra` starts within [begins, latest]; without one, `where` is -1. State.label holds for each
    entry, and each number of breaks taken until it is left, the earliest time. Returns the seconds
    that time bands add to the route's driving, -1 where it cannot be driven.
    """
    base, due = t * m.room, m.pause_at[t]
    wide = m.pause_at[t + 1] - due + 1
    count = s.size[t] - 1 + (where >= 0)
    spot, first, final, work = s.plc[base], 0, 0, 0
    for j in range(wide):
        s.label[j], s.extra[j] = NOWHERE, 0
    s.label[0] = m.starts[t]
    rest(m, s, due, wide, 0)
    for e in range(1, count + 1):
        k = base + (e if where < 0 or e <= where else e - 1)
        there = s.plc[k]
        if e == where + 1:
            there, first, final, work = m.place[extra], begins, latest, m.service[extra]
        elif e < count:
            v = s.node[k]
            first, final, work = s.opens[v], s.latest[v], m.service[v]
        cell = spot * m.places + there
        for j in range(e * wide, e * wide + wide):
            now = s.label[j - wide]
            if now < NOWHERE:
                way = drive(m, cell, now)
                s.extra[j] = s.extra[j - wide] + way - m.way[cell]
                now += way
                if e < count:
                    now = max(now, first)
                    now = now + work if now <= final else NOWHERE
            s.label[j] = now
        if e < count:
            rest(m, s, due, wide, e)
        spot = there
    end = count * wide + wide - 1
    fine = s.label[end] <= m.shift_end[t]
    if write:
        note_times(m, s, base, wide, count, fine)
        if fine:
            s.num[TRAVEL] += s.extra[end] - s.over[t]
            s.over[t] = s.extra[end]
    return int(s.extra[end]) if fine else -1


@helper
def rest(m: Model, s: State, due: int, wide: int, e: int) -> None:
    """Take breaks at entry e where that is no later than having taken them before."""
    for b in range(wide - 1):
        j = e * wide + b
        s.rested[j + 1] = 0
        if s.label[j] < NOWHERE:
            pause = max(s.label[j], m.pause_opens[due + b])
            if (
                pause <= m.pause_latest[due + b]
                and pause + m.pause_seconds[due + b] <= s.label[j + 1]
            ):
                s.label[j + 1] = pause + m.pause_seconds[due + b]
                s.extra[j + 1] = s.extra[j]
                s.rested[j + 1] = 1


@helper
def note_times(m: Model, s: State, base: int, wide: int, count: int, fine: bool) -> None:
    """Write into `dep` the earliest times without breaks, into `lat` when each stop really ends."""
    taken = wide - 1
    for e in range(count, -1, -1):
        s.dep[base + e] = min(FAR, s.label[e * wide])
        while fine and taken > 0 and e < count and s.rested[e * wide + taken]:
            taken -= 1
        s.lat[base + e] = min(FAR, s.label[e * wide + taken])
