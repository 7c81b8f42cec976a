"""The settings of the search, found by experiment on generated instances."""

from services.dispatch.planner.kernels.arrays import Tuning

CHUNK = 64
"""Iterations between two looks at the stop rule: two to five milliseconds."""

COOLING = 1 / 15
"""Temperature at which the choice of visits has set, as a share of the first."""

POLISH = 0.3
"""Share of the budget for what follows: cooling further, at which routes get shorter."""

HOTTEST = (0.2, 1.2, 6.0)
"""First temperature as a share of the mean points of a visit: least, most, per team."""

WARM_HEAT = 0.02
"""First temperature of a warm start, as a share of the mean points of a visit."""

DEFAULT = Tuning(
    longest_string=10,
    mean_removed=10.0,
    strings_per_route=2,
    reach=250,
    routes=8,
    blink=0.1,
    by_chance=0.1,
    by_prize=0.7,
    by_rate=0.7,
    noise=1.0,
    mind_waiting=0.3,
    hot_share=0.6,
    everywhere=0.0,
    seed_first=0.35,
)

FLEET = DEFAULT._replace(
    reach=30,
    mean_removed=8.0,
    routes=4,
    blink=0.03,
    by_prize=0.5,
    by_rate=0.5,
    noise=0.6,
    seed_first=0.1,
)
"""For many teams: smaller steps, since each changes but a few of the routes."""

MANY_TEAMS = 8

FEW_NODES, LOOK_EVERYWHERE, LEAD_WITH_SEED = 40, 0.1, 0.5
"""Small evenings can afford to try now and then what never fitted on routes that lost nothing.

A visit may pay only beside another one: when both are out, and it is tried first, it stays out.
"""


def tuning_for(teams: int, nodes: int) -> Tuning:
    """Return the settings for a number of teams and nodes."""
    usual = FLEET if teams > MANY_TEAMS else DEFAULT
    if nodes > FEW_NODES:
        return usual
    return usual._replace(everywhere=LOOK_EVERYWHERE, seed_first=LEAD_WITH_SEED)
