"""How hot the search runs: first the choice of visits sets, then the routes get shorter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.dispatch.planner.kernels.arrays import FAR, Model
from services.dispatch.planner.tuning import COOLING, HOTTEST, POLISH, WARM_HEAT

LEAST_LEG = 0.01
"""Travel is polished if a leg weighs at least this share of a visit; else it only breaks ties."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Temperatures in score units: geometric from first to set, then on to last."""

    first: float
    set: float
    last: float
    polish: float = 0.0

    def at(self, share: float) -> float:
        """Return the temperature once this share (0 to 1) of the budget is used."""
        turn = 1.0 - self.polish
        if share <= turn:
            return float(self.first * (self.set / self.first) ** (share / turn))
        return float(self.set * (self.last / self.set) ** min(1.0, (share - turn) / self.polish))


def schedule(model: Model, warm: bool) -> Schedule:
    """Return the schedule for a problem; a warm start begins with little more than polishing.

    Many teams need less heat: each then has fewer visits that it could trade.
    """
    visit = float(model.wanted[model.wanted > 0].mean())
    leg = _typical_leg(model)
    low, high, per_team = HOTTEST
    first = visit * (WARM_HEAT if warm else min(high, max(low, per_team / model.teams)))
    cold = max(1.0, min(leg / 15.0, first * COOLING))
    if leg < LEAST_LEG * visit:
        return Schedule(first, first * COOLING, cold)
    return Schedule(first, max(cold, first * COOLING), cold, POLISH)


def _typical_leg(model: Model) -> float:
    """Return the median travel from a party to its tenth nearest, of a sample of parties."""
    way = model.way.reshape(model.places, model.places)
    rows = np.unique(model.place)
    sample = rows[:: max(1, len(rows) // 50)]
    legs = np.sort(way[np.ix_(sample, rows)], axis=1)[:, min(10, len(rows) - 1)]
    legs = legs[legs < FAR]
    return float(np.median(legs)) if len(legs) else 0.0
