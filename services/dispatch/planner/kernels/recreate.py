"""Recreate: what was taken out and what lies near and unserved goes back in, greedily with noise.

Each time the order is drawn anew: by chance, by points, by points for the time that a visit costs,
or by their square for the time (after Vansteenwegen and others, "Iterated local search for the
team orienteering problem with time windows", 2009), all with noise. Places are overlooked now and
then ("blinks"), as Christiaens and Vanden Berghe do.
"""

from __future__ import annotations

from services.dispatch.planner.kernels.arrays import (
    CANDS,
    GONE,
    NEVER,
    ROUTES,
    RUINED,
    SKEW,
    STAMP,
    TOUCHED,
    Model,
    State,
    Tuning,
)
from services.dispatch.planner.kernels.compiled import draw, helper, pick
from services.dispatch.planner.kernels.fit import best_place
from services.dispatch.planner.kernels.route import (
    first_visit,
    hour,
    put_in,
    worth,
)
from services.dispatch.planner.kernels.slow import NOWHERE


@helper
def is_new(m: Model, s: State, v: int) -> bool:
    """Say whether v could be served, is not, and is not among the candidates yet."""
    return m.wanted[v] > 0 and s.slot_busy[m.slot[v]] == 0 and bool(s.taken[v] != s.num[STAMP])


@helper
def gather(m: Model, s: State, tuning: Tuning, seed: int, near: int, width: int) -> None:
    """List the candidates and the routes that this iteration considers."""
    count = 0
    for i in range(s.num[GONE]):
        s.cand[count] = s.gone[i]
        count += 1
        s.taken[s.gone[i]] = s.num[STAMP]
    routes = s.num[TOUCHED]
    for i in range(routes):
        s.teams[i] = s.touched[i]
        s.listed[s.touched[i]] = s.num[STAMP]
    most = count + pick(s.rng, tuning.reach) + 8
    for i in range(-1, width):
        v = seed if i < 0 else s.near[near + i]
        if v < 0:
            break
        t = s.team_of[v]
        if t >= 0:
            if routes < tuning.routes and s.listed[t] != s.num[STAMP]:
                s.listed[t] = s.num[STAMP]
                s.teams[routes] = t
                routes += 1
        elif count < most and (i < 0 or v != seed) and is_new(m, s, v):
            s.cand[count] = v
            count += 1
        elif count >= most and routes >= tuning.routes:
            break
    t = pick(s.rng, m.teams)
    if s.listed[t] != s.num[STAMP]:
        s.teams[routes] = t
        routes += 1
    s.num[RUINED] = s.num[TOUCHED] if draw(s.rng) >= tuning.everywhere else routes
    s.num[CANDS] = count
    s.num[ROUTES] = routes


@helper
def appraise(m: Model, s: State, tuning: Tuning, c: int, mode: float, wait: int) -> None:
    """Find the best place of candidate c now, and its key: the lower, the sooner it goes in."""
    v = s.cand[c]
    opens, latest, other = s.opens[v], s.latest[v], -1
    if m.pairs and m.partner[v] >= 0 and s.team_of[m.partner[v]] >= 0:
        other = s.team_of[m.partner[v]]
        begins = hour(m, s, v)
        opens, latest = max(opens, begins), min(latest, begins + m.within[v])
    # What nobody served before can only fit where room was made.
    routes = s.num[ROUTES] if s.taken[v] == s.num[STAMP] else s.num[RUINED]
    best, price, s.to_team[c] = 0, 0, -1
    row, bonus = v * m.teams, first_visit(m, s, v)
    for i in range(routes):
        t = s.teams[i]
        gain = m.gain[row + t] + bonus
        if m.gain[row + t] == NEVER or gain <= 0 or t == other:
            continue
        at, extra, cost = best_place(m, s, v, t, opens, latest, tuning.blink, wait)
        if cost != NOWHERE and gain > extra and (s.to_team[c] < 0 or gain - cost > best):
            best, price = gain - cost, cost
            s.to_team[c], s.to_entry[c], s.to_extra[c], s.to_gain[c] = t, at, extra, gain
            s.to_version[c] = edition(m, s, v, t)
    s.key[c] = s.luck[c]
    if s.to_team[c] >= 0 and mode >= tuning.by_chance:
        rate = s.to_gain[c] * s.luck[c]
        if mode >= tuning.by_prize:
            rate /= max(1.0, price + m.service[v])
        if mode >= tuning.by_rate:
            rate *= s.to_gain[c]
        s.key[c] = -rate


@helper
def edition(m: Model, s: State, v: int, t: int) -> int:
    """Return a number that rises with every change of route t or of when v's partner is served."""
    version = int(s.version[t])
    if m.pairs and m.partner[v] >= 0 and s.team_of[m.partner[v]] >= 0:
        version += 1 + int(s.version[s.team_of[m.partner[v]]])
    return version


@helper
def is_stale(m: Model, s: State, c: int) -> bool:
    """Say whether the place found for candidate c may no longer be its best."""
    v, t = s.cand[c], s.to_team[c]
    return bool(edition(m, s, v, t) != s.to_version[c] or worth(m, s, v, t) != s.to_gain[c])


@helper
def renew(m: Model, s: State, v: int, t: int) -> None:
    """Note that v went into route t, which also ties its served partner to their common hour."""
    s.version[t] += 1
    if m.pairs and m.partner[v] >= 0 and s.team_of[m.partner[v]] >= 0:
        s.version[s.team_of[m.partner[v]]] += 1


@helper
def recreate(m: Model, s: State, tuning: Tuning, seed: int, near: int, width: int) -> None:
    """Fill the routes again: the candidate with the lowest key goes in next.

    Keys only rise while routes fill up, so a key is brought up to date when it comes out lowest.
    """
    gather(m, s, tuning, seed, near, width)
    if m.pairs:
        s.num[SKEW] = pick(s.rng, 3)
    wait = 1 if draw(s.rng) < tuning.mind_waiting else 0
    mode = draw(s.rng)
    first = seed if draw(s.rng) < tuning.seed_first else -1
    left = 0
    for c in range(s.num[CANDS]):
        s.cand[left] = s.cand[c]
        s.luck[left] = 1.0 + tuning.noise * draw(s.rng)
        if s.cand[c] == first:
            s.luck[left] = 100.0
        appraise(m, s, tuning, left, mode, wait)
        left += s.to_team[left] >= 0
    while left > 0:
        c = 0
        for i in range(1, left):
            if s.key[i] < s.key[c]:
                c = i
        v = s.cand[c]
        keep = s.slot_busy[m.slot[v]] == 0
        if keep and is_stale(m, s, c):
            appraise(m, s, tuning, c, mode, wait)
            keep = s.to_team[c] >= 0
        elif keep:
            put_in(m, s, v, s.to_team[c], s.to_entry[c], s.to_extra[c])
            renew(m, s, v, s.to_team[c])
            keep = False
        if not keep:
            left -= 1
            s.cand[c], s.key[c], s.luck[c] = s.cand[left], s.key[left], s.luck[left]
            s.to_team[c], s.to_entry[c] = s.to_team[left], s.to_entry[left]
            s.to_extra[c], s.to_gain[c] = s.to_extra[left], s.to_gain[left]
            s.to_version[c] = s.to_version[left]
