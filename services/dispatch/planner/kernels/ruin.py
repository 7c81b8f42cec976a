"""Ruin: strings of adjacent stops around a seed are taken out of their routes.

After Christiaens and Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing
Problems", Transportation Science 54(2), 2020. The seed may be a visit that nobody makes, so that
room is made where it is wanted; long routes may lose several strings at once.
"""

from __future__ import annotations

from services.dispatch.planner.kernels.arrays import FAR, HOT, STAMP, Model, State, Tuning
from services.dispatch.planner.kernels.compiled import draw, helper, pick
from services.dispatch.planner.kernels.route import cut


@helper
def neighbours(m: Model, s: State, v: int, width: int) -> int:
    """Return where the nodes nearest to v's place begin in State.near, sorting on first use.

    A counting sort over `width` nearest in 1024 bands of the way there and back: near enough,
    and linear. Bands end at three times the mean, so that one far-off party makes none too wide.
    """
    start = int(m.place[v] * width)
    if s.near_ready[m.place[v]]:
        return start
    s.near_ready[m.place[v]] = 1
    row, total, count = m.place[v] * m.places, 0, 1
    for u in range(m.nodes):
        pair = 2 * (row + m.place[u])
        way = m.both[pair] + m.both[pair + 1]
        s.apart[u] = way
        if way < FAR:
            total += way
            count += 1
    scale = 1022.0 / (1.0 + 3.0 * total / count)
    s.band[:] = 0
    for u in range(m.nodes):
        s.apart[u] = int(min(1022.0, s.apart[u] * scale))
        s.band[1 + s.apart[u]] += 1
    for b in range(1, 1024):
        s.band[b] += s.band[b - 1]
    for u in range(m.nodes):
        b = s.apart[u]
        if s.band[b] < width:
            s.near[start + s.band[b]] = u
            s.band[b] += 1
    return start


@helper
def choose_seed(m: Model, s: State, tuning: Tuning) -> int:
    """Return the node around which this iteration works."""
    if s.num[HOT] > 0 and draw(s.rng) < tuning.hot_share:
        return int(s.hot[pick(s.rng, s.num[HOT])])
    return pick(s.rng, m.nodes)


@helper
def ruin(m: Model, s: State, tuning: Tuning, seed: int, near: int, width: int) -> None:
    """Take out strings around the seed, nearest routes first."""
    longest = 1 + pick(s.rng, tuning.longest_string)
    most = 4.0 * tuning.mean_removed / (1.0 + longest) - 1.0
    strings = 1 + int(draw(s.rng) * max(1.0, most))
    for i in range(-1, width):
        v = seed if i < 0 else s.near[near + i]
        if v < 0:
            break
        t = s.team_of[v]
        if t < 0:
            continue
        s.seen[t] = max(s.seen[t], 16 * s.num[STAMP])
        if s.seen[t] - 16 * s.num[STAMP] >= tuning.strings_per_route:
            continue
        s.seen[t] += 1
        cut_string(m, s, tuning, v, t, longest)
        strings -= 1
        if strings == 0:
            break


@helper
def cut_string(m: Model, s: State, tuning: Tuning, v: int, t: int, longest: int) -> None:
    """Take a string that holds v out of route t, half the time sparing some stops inside it."""
    stops = s.size[t] - 2
    where = 1
    while s.node[t * m.room + where] != v:
        where += 1
    count = 1 + pick(s.rng, min(longest, stops))
    spare = 0
    if count > 1 and draw(s.rng) < 0.5:
        while count + spare < stops and draw(s.rng) < 0.5:
            spare += 1
    span = count + spare
    low = max(1, where - span + 1)
    high = min(where, stops - span + 1)
    first = low + pick(s.rng, high - low + 1)
    skip = 1 + pick(s.rng, count - 1) if spare > 0 else 0
    cut(m, s, t, first, count, skip, spare)
