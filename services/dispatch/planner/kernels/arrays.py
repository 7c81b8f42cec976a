"""The two bundles of flat arrays that every kernel works on: the model and the state.

n nodes, m teams, P places (plus one called nowhere, from and to which travel takes no time),
L slots per route. A node is one way of making a visit; nodes of one visit share a `slot`.
Route t lies in [t*L, t*L + size[t]); its first and last entries are the start and the end.
leg is the way into an entry; both holds, side by side, the ways to and from a pair of places.
Where travel goes by time bands, `way` holds the shortest time of all bands, `band_way` the bands
one after another, and `over` what each route drives beyond `way`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

NEVER = -(2**31)
"""Gain of a node for a team that may not serve it."""

FAR = 5 * 10**8
"""Travel time that stands for no way; beyond any time in a problem, and two still fit 32 bits."""


class Model(NamedTuple):
    """What the search reads and never writes."""

    nodes: int
    teams: int
    places: int
    room: int
    pairs: int
    floor: int
    place: Ints
    opens: Ints
    latest: Ints
    service: Ints
    party: Ints
    slot: Ints
    rank: Ints
    promised: Ints
    partner: Ints
    within: Ints
    wanted: Longs
    least_in: Ints
    least_out: Ints
    gain: Ints
    bonus: Longs
    area: Ints
    step: Longs
    steps: int
    start_place: Ints
    end_place: Ints
    starts: Ints
    shift_end: Ints
    most: Ints
    slow: Ints
    pause_at: Ints
    pause_opens: Ints
    pause_latest: Ints
    pause_seconds: Ints
    way: Ints
    both: Ints
    bands: int
    band_from: Ints
    band_way: Ints


class State(NamedTuple):
    """What the search writes: the current plan, the best one, and what undoing takes."""

    node: Ints
    dep: Ints
    lat: Ints
    plc: Ints
    leg: Ints
    size: Ints
    team_of: Ints
    slot_busy: Ints
    party_count: Ints
    area_count: Ints
    opens: Ints
    latest: Ints
    best_node: Ints
    best_size: Ints
    best_opens: Ints
    best_latest: Ints
    old_node: Ints
    old_dep: Ints
    old_lat: Ints
    old_plc: Ints
    old_leg: Ints
    old_size: Ints
    over: Ints
    old_over: Ints
    label: Longs
    extra: Longs
    rested: Ints
    mark: Ints
    touched: Ints
    gone: Ints
    gone_team: Ints
    new: Ints
    moved: Ints
    cand: Ints
    key: npt.NDArray[np.float64]
    luck: npt.NDArray[np.float64]
    to_team: Ints
    to_entry: Ints
    to_extra: Ints
    to_gain: Longs
    to_version: Ints
    version: Ints
    teams: Ints
    seen: Longs
    near: Ints
    near_ready: Ints
    band: Ints
    apart: Ints
    taken: Ints
    listed: Ints
    dirty: Ints
    fits: Ints
    hot: Ints
    rng: npt.NDArray[np.uint64]
    num: Longs


class Tuning(NamedTuple):
    """The settings of the search; the defaults are in tuning.py."""

    longest_string: int
    mean_removed: float
    strings_per_route: int
    reach: int
    routes: int
    blink: float
    by_chance: float
    by_prize: float
    by_rate: float
    noise: float
    mind_waiting: float
    hot_share: float
    everywhere: float
    seed_first: float


# Indices into State.num.
TRAVEL, POINTS, BEST, TOUCHED, GONE, NEW, MOVED, STAMP, CANDS, ROUTES, HOT, KEPT, RUINED = range(13)
BROKEN, BEST_TRAVEL, SKEW = 13, 14, 15
