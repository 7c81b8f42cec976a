"""Reads TOPTW instances as published: Solomon's, Cordeau's and others of the same layout."""

from __future__ import annotations

import csv
import math
import os
from pathlib import Path

import numpy as np

from services.dispatch.planner import Party, Problem, Team, Travel, Visit

ROOT = Path(__file__).resolve().parents[1]


def reference() -> Path:
    """Return the folder of published instances and city data, outside the repository."""
    return Path(os.environ.get("PORCHLIGHT_REFERENCE", ROOT / ".." / "shared")).resolve()


def decimals(rows: list[list[str]]) -> int:
    """Return the decimals that distances keep: one in Solomon's instances, two in Cordeau's.

    Told apart by the coordinates: Cordeau's are random fractions, Solomon's whole numbers.
    """
    fractions = any(float(cell) % 1 for row in rows for cell in row[1:3])
    return 2 if fractions else 1


def read_instance(path: Path, teams: int) -> Problem:
    """Return the instance with so many teams; one point outweighs all travel of an instance.

    Times are in tenths or hundredths of the file's unit, so that truncated distances are whole.
    """
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    rows = lines[2:]
    scale = 10 ** decimals(rows)
    points = np.array([[float(row[1]), float(row[2])] for row in rows])
    gaps = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    travel = Travel(np.floor(gaps * scale + 1e-6).astype(np.int32))
    parties = tuple(_party(i, row, scale) for i, row in enumerate(rows) if i > 0)
    budget = round(float(rows[0][-1]) * scale)
    crews = tuple(Team(f"team {t + 1}", 0, 0, budget, 0) for t in range(teams))
    return Problem(parties, crews, travel, seconds_per_point=100_000)


def _party(index: int, row: list[str], scale: int) -> Party:
    service, prize = round(float(row[3]) * scale), float(row[4])
    opens, latest = (math.floor(float(cell) * scale + 1e-6) for cell in row[-2:])
    visit = Visit(f"v{index}", opens, latest, service, prize)
    return Party(f"p{index}", index, (visit,))


def best_known(folder: Path) -> dict[tuple[str, int], float]:
    """Return the best known score by instance name and number of teams, where a file lists it."""
    path = folder / "best_known.csv"
    if not path.exists():
        return {}
    with path.open(newline="") as lines:
        rows = csv.DictReader(lines)
        return {(row["instance"], int(row["teams"])): float(row["best_known"]) for row in rows}
