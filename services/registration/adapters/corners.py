"""Guesses where streets meet from addresses alone, for cities without a street file."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

from services.registration.adapters.address_extract import Corner
from services.registration.adapters.address_files import AddressPoint
from services.registration.domain.geography import Point, km_between
from services.registration.domain.streets import Street

NEAR_METRES = 90.0
_CELL = 0.001  # about 110 m of latitude


def guess_corners(points: Sequence[AddressPoint]) -> list[Corner]:
    """Half way between the nearest addresses of each two streets that come near one another."""
    cells: dict[tuple[int, int], list[AddressPoint]] = defaultdict(list)
    for point in points:
        cells[_cell(point.point)].append(point)
    nearest: dict[tuple[Street, Street], Corner] = {}
    for (row, column), here in cells.items():
        for one, other in _pairs(cells, row, column, here):
            apart = km_between(one.point, other.point) * 1000
            pair = (one.street, other.street)
            if apart <= NEAR_METRES and (pair not in nearest or apart < nearest[pair].apart):
                nearest[pair] = Corner(*pair, _half_way(one.point, other.point), apart)
    return list(nearest.values())


def _pairs(
    cells: dict[tuple[int, int], list[AddressPoint]],
    row: int,
    column: int,
    here: list[AddressPoint],
) -> Iterator[tuple[AddressPoint, AddressPoint]]:
    for step in product((-1, 0, 1), repeat=2):
        for other in cells.get((row + step[0], column + step[1]), ()):
            for one in here:
                if str(one.street) < str(other.street):
                    yield one, other


def _cell(point: Point) -> tuple[int, int]:
    return int(point.lat // _CELL), int(point.lon // _CELL)


def _half_way(one: Point, other: Point) -> Point:
    return Point((one.lat + other.lat) / 2, (one.lon + other.lon) / 2)
