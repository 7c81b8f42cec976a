"""The search's working memory: an empty plan for a model, and its random numbers."""

from __future__ import annotations

import numpy as np

from services.dispatch.planner.kernels.arrays import SKEW, Ints, Model, State

NEAREST = 256
"""How many nearest nodes are kept per place."""


def new_state(model: Model, seed: int) -> State:
    """Return an empty plan: every route goes from its start to its end."""
    n, m, room = model.nodes, model.teams, model.room
    width = max(1, min(n, NEAREST))
    slots = m * room
    breaks = int(np.diff(model.pause_at).max(initial=0))
    labels = (room + 1) * (breaks + 1)
    num = np.zeros(16, dtype=np.int64)
    num[SKEW] = 1
    node = np.full(slots, -1, dtype=np.int32)

    def zeros(size: int) -> Ints:
        return np.zeros(size, dtype=np.int32)

    return State(
        node=node,
        dep=zeros(slots),
        lat=zeros(slots),
        plc=zeros(slots),
        leg=zeros(slots),
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
        old_leg=zeros(slots),
        old_size=zeros(m),
        over=zeros(m),
        old_over=zeros(m),
        label=np.zeros(labels, dtype=np.int64),
        extra=np.zeros(labels, dtype=np.int64),
        rested=zeros(labels),
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
        near=np.full(model.places * width, -1, dtype=np.int32),
        near_ready=zeros(model.places),
        band=zeros(1024),
        apart=zeros(n),
        taken=zeros(n),
        listed=zeros(m),
        dirty=np.ones(m, dtype=np.int32),
        fits=zeros(room + 1),
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
