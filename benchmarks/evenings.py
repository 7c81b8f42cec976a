"""City evenings to plan: a seeded generator, and block parties read from a city's permit list."""

from __future__ import annotations

import csv
import math
import random
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.dispatch.planner import Party, Problem, Team, Travel, Visit

HOUR = 3600
SIZES = ((60, 12), (300, 40), (1500, 100))
KINDS = (("police",), ("police", "fire"), ("police", "mascot"), ("fire",))


@dataclass(frozen=True)
class Evening:
    """A problem and where its places lie, in metres east and north."""

    problem: Problem
    spots: npt.NDArray[np.float64]


def generated(parties: int, teams: int, seed: int, bonus: float = 0.0) -> Evening:
    """Return a seeded evening: neighbourhoods, 17:30 kick-off, three kinds of visitors.

    Travel is along a street grid at 30 km/h, a tenth more or less by chance, plus a minute.
    """
    dice = random.Random(f"{seed}/{parties}x{teams}")
    width = 9000 + 180 * math.sqrt(parties) * 2
    hoods = [(dice.random() * width, dice.random() * width) for _ in range(max(4, parties // 15))]
    homes = [dice.randrange(len(hoods)) for _ in range(parties)]
    spots = [_near(dice, hoods[home], 700) for home in homes]
    kickoffs = [_near(dice, (width / 2, width / 2), width / 5) for _ in range(1 + teams // 30)]
    everywhere = np.array(spots + kickoffs)
    guests = tuple(_party(dice, i, homes[i], bonus) for i in range(parties))
    crews = tuple(_team(dice, t, parties + t % len(kickoffs)) for t in range(teams))
    return Evening(Problem(guests, crews, _streets(everywhere, seed)), everywhere)


def permits(path: Path, teams: int, bonus: float = 0.0) -> Evening:
    """Return the parties of a permit list, visited 17:00-20:30 for 15 minutes, from its centre."""
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    where = np.array([[float(row["lat"]), float(row["lon"])] for row in rows])
    where = np.vstack([where, np.median(where, axis=0)])
    north = np.radians(where[:, 0]) * 6_371_000
    east = np.radians(where[:, 1]) * 6_371_000 * math.cos(math.radians(where[:, 0].mean()))
    spots = np.column_stack([east - east.min(), north - north.min()])
    gaps = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))
    parties = tuple(
        Party(row["permit_number"], i, (_permit_visit(row),), bonus, row["census_tract"])
        for i, row in enumerate(rows)
    )
    crews = tuple(
        Team(f"team {t + 1}", len(rows), 17 * HOUR, 20 * HOUR + HOUR // 2) for t in range(teams)
    )
    return Evening(Problem(parties, crews, Travel(gaps * 1.4 / (32 / 3.6))), spots)


def with_bonus(evening: Evening, bonus: float) -> Evening:
    """Return the same evening with a bonus for each party's first visit."""
    parties = tuple(replace(party, bonus=bonus) for party in evening.problem.parties)
    return replace(evening, problem=replace(evening.problem, parties=parties))


def _permit_visit(row: dict[str, str]) -> Visit:
    opens = max(17 * HOUR, _clock(row["starts_at"]))
    closes = min(20 * HOUR + HOUR // 2, _clock(row["ends_at"]))
    latest = max(opens, closes - 900)
    return Visit(row["permit_number"], opens, latest, 900, 10.0)


def _clock(stamp: str) -> int:
    hours, minutes = stamp[11:16].split(":")
    return int(hours) * HOUR + int(minutes) * 60


def _near(dice: random.Random, centre: tuple[float, float], spread: float) -> tuple[float, float]:
    return centre[0] + dice.gauss(0, spread), centre[1] + dice.gauss(0, spread)


def _party(dice: random.Random, number: int, hood: int, bonus: float) -> Party:
    opens = 17 * HOUR + dice.choice([0, 1800, 3600, 5400])
    closes = opens + dice.choice([5400, 7200, 9000])
    prize = dice.choice([5, 5, 8, 8, 10, 15, 20])
    asked = dice.choices(KINDS, weights=(5, 3, 1, 1))[0]
    visits = tuple(
        Visit(f"{number}/{kind}", opens, closes - 900, 900, prize if i == 0 else prize // 2, kind)
        for i, kind in enumerate(asked)
    )
    return Party(f"party {number}", number, visits, bonus, f"area {hood % 12}")


def _team(dice: random.Random, number: int, start: int) -> Team:
    offers = dice.choices(
        [{"police"}, {"fire"}, {"police", "mascot"}, {"police", "fire"}], weights=(5, 3, 1, 1)
    )[0]
    return Team(
        f"team {number + 1}",
        start,
        17 * HOUR + HOUR // 2,
        20 * HOUR + HOUR // 2,
        offers=frozenset(offers),
    )


def _streets(spots: npt.NDArray[np.float64], seed: int) -> Travel:
    dice = np.random.default_rng(seed)
    gaps = np.abs(spots[:, None] - spots[None]).sum(axis=2)
    seconds = 60 + gaps / (30 / 3.6) * dice.uniform(0.9, 1.1, gaps.shape)
    np.fill_diagonal(seconds, 0)
    return Travel(np.rint(seconds).astype(np.int32))
