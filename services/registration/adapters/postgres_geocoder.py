"""Proposes places for an address from the city's own addresses. The default `Geocoder`.

Desks and imports make an `OwnAddresses` for each transaction; web pages share a `PostgresGeocoder`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.registration.domain.addresses import (
    Along,
    Between,
    Block,
    Crossing,
    Numbered,
    Wanted,
    read_address,
)
from services.registration.domain.city import City
from services.registration.domain.geography import Point, km_between
from services.registration.domain.places import LookedUp, Proposal, ranked
from services.registration.domain.streets import Street, likeness
from shared.db import Connection, Pool

_LEAST_ALIKE = 0.6
_TRIGRAMS = "0.15"
_MOST_STREETS = 12
_ALIKE = """
select id, direction, name, kind, label, lat, lon from address_streets
where city = %s and (name = %s or name %% %s)
order by name = %s desc, name <-> %s limit 60
"""
_AROUND = """
select s.id, p.number, p.lat, p.lon from unnest(%s::bigint[]) s(id) cross join lateral (
    (select number, lat, lon from address_points
     where street_id = s.id and number < %s order by number desc limit 1)
    union all
    (select number, avg(lat), avg(lon) from address_points
     where street_id = s.id and number between %s and %s group by number order by number)
    union all
    (select number, lat, lon from address_points
     where street_id = s.id and number > %s order by number limit 1)) p
"""
_CORNERS = """
select one, other, avg(lat), avg(lon), max(apart), count(*) from address_crossings
where one = any(%s) and other = any(%s) or one = any(%s) and other = any(%s) group by one, other
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """A street of the city and how well it answers to the one asked for."""

    id: int
    label: str
    point: Point
    alike: float


Stretch = list[tuple[int, Point]]


class PostgresGeocoder:
    """A `Geocoder` on the addresses that were loaded. Threads may share it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def propose(self, text: str, city: City) -> list[Proposal]:
        """Places that the text may mean, the best first; none where nothing fits."""
        with self._pool.connection() as conn:
            return list(OwnAddresses(conn).look_up([text], city)[0].proposals)


class OwnAddresses:
    """An `AddressBook` inside the transaction that `conn` is in; each street is looked up once."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._searches: dict[str, _Search] = {}

    def look_up(self, texts: Sequence[str], city: City) -> list[LookedUp]:
        """What each address may mean."""
        return [LookedUp(tuple(self._proposals(text, city))) for text in texts]

    def knows(self, city: City) -> bool:
        """Whether the city has any addresses at all."""
        row = self._conn.execute(
            "select exists (select from address_streets where city = %s)", (city.slug,)
        ).fetchone()
        return bool(row and row[0])

    def _proposals(self, text: str, city: City) -> list[Proposal]:
        ways = read_address(text[:300], city.name)
        if not ways:
            return []
        search = self._searches.get(city.slug)
        if search is None:
            self._conn.execute(
                "select set_config('pg_trgm.similarity_threshold', %s, true)", (_TRIGRAMS,)
            )
            search = self._searches[city.slug] = _Search(self._conn, city.slug)
        return ranked(
            [p for place, way in enumerate(ways) for p in search.places(way, 0.98**place)]
        )


class _Search:
    """The look-ups of some questions; a street is looked up once."""

    def __init__(self, conn: Connection, city: str) -> None:
        self._conn = conn
        self._city = city
        self._streets: dict[Street, list[_Known]] = {}

    def places(self, way: Wanted, weight: float) -> Iterator[Proposal]:
        match way:
            case Numbered():
                found = self._numbered(way)
            case Block():
                found = self._block(way.street, way.low, way.high, asked=True)
            case Crossing():
                found = self._corner(way.one, way.other)
            case Between():
                found = self._between(way)
            case Along():
                found = self._along(way.street)
        for one in found:
            yield Proposal(one.label, one.kind, one.point, round(one.quality * weight, 3))

    def _numbered(self, way: Numbered) -> Iterator[Proposal]:
        number = way.number
        exact = False
        for street, stretch in self._stretches(way.street, number, number):
            label = f"{number} {street.label}"
            inside = [point for found, point in stretch if found == number]
            exact = exact or bool(inside)
            point, sure = (inside[0], 1.0) if inside else _within(stretch, number)
            if sure:
                yield Proposal(label, "address", point, sure * street.alike)
        if number % 100 == 0 and not exact:
            yield from self._block(way.street, number, number + 99, asked=False)

    def _block(self, street: Street, low: int, high: int, *, asked: bool) -> Iterator[Proposal]:
        for known, stretch in self._stretches(street, low, high):
            inside = [point for number, point in stretch if low <= number <= high]
            blocks = f"{low}-{high - 99}" if high - low > 99 else f"{low}"
            label = f"{blocks} block of {known.label}"
            if inside:
                sure = 1.0 if asked else 0.95
                yield Proposal(label, "block", _middle(inside), sure * known.alike)
                continue
            point, sure = _within(stretch, low + 50)
            if sure:
                yield Proposal(label, "block", point, sure * known.alike)

    def _corner(self, one: Street, other: Street) -> Iterator[Proposal]:
        first = {known.id: known for known in self._known(one)}
        second = {known.id: known for known in self._known(other)}
        a, b = list(first), list(second)
        rows: Any = self._conn.execute(_CORNERS, (a, b, b, a)).fetchall() if a and b else ()
        for left, right, lat, lon, apart, times in rows:
            pair = [(first.get(left), second.get(right)), (first.get(right), second.get(left))]
            for x, y in pair:
                if x and y:
                    sure = (1.0 if apart == 0 else 0.9 if apart < 60 else 0.75) * 0.98
                    sure *= 1.0 if times <= 4 else 0.9
                    label = f"{x.label} & {y.label}"
                    yield Proposal(label, "intersection", Point(lat, lon), sure * x.alike * y.alike)

    def _between(self, way: Between) -> Iterator[Proposal]:
        ends = [
            max(self._corner(way.street, end), key=lambda p: p.quality, default=None)
            for end in (way.one, way.other)
        ]
        known = [end for end in ends if end]
        street = self._known(way.street)
        if len(known) == 2 and street:
            label = f"{street[0].label} between {_other(known[0])} and {_other(known[1])}"
            sure = min(p.quality for p in known)
            sure *= 1.0 if km_between(known[0].point, known[1].point) < 0.6 else 0.7
            yield Proposal(label, "block", _middle([p.point for p in known]), sure)
        for one in known:
            yield Proposal(one.label, one.kind, one.point, one.quality * 0.75)

    def _along(self, street: Street) -> Iterator[Proposal]:
        for known in self._known(street)[:3]:
            yield Proposal(known.label, "street", known.point, 0.5 * known.alike)

    def _stretches(self, street: Street, low: int, high: int) -> Iterator[tuple[_Known, Stretch]]:
        known = {one.id: one for one in self._known(street)}
        if not known:
            return
        rows: Any = self._conn.execute(_AROUND, (list(known), low, low, high, high)).fetchall()
        by_street: dict[int, Stretch] = {id_: [] for id_ in known}
        for id_, number, lat, lon in rows:
            by_street[id_].append((number, Point(lat, lon)))
        for id_, stretch in by_street.items():
            yield known[id_], sorted(stretch, key=lambda entry: entry[0])

    def _known(self, street: Street) -> list[_Known]:
        if street not in self._streets:
            name = street.name
            args = (self._city, name, name, name, name)
            rows: Any = self._conn.execute(_ALIKE, args).fetchall()
            found = [
                _Known(id_, label, Point(lat, lon), likeness(street, Street(*words)))
                for id_, *words, label, lat, lon in rows
            ]
            found = [known for known in found if known.alike >= _LEAST_ALIKE]
            best = sorted(found, key=lambda known: -known.alike)
            self._streets[street] = best[:_MOST_STREETS]
        return self._streets[street]


def _within(stretch: Sequence[tuple[int, Point]], number: int) -> tuple[Point, float]:
    """Where the number would lie among its neighbours, and how sure that is by their distance."""
    below = [entry for entry in stretch if entry[0] < number]
    above = [entry for entry in stretch if entry[0] > number]
    if below and above:
        (low, start), (high, end) = below[-1], above[0]
        share = (number - low) / (high - low)
        point = Point(
            start.lat + share * (end.lat - start.lat), start.lon + share * (end.lon - start.lon)
        )
        apart = km_between(start, end)
        return point, 0.95 if apart <= 0.25 else 0.9 if apart <= 0.4 else 0.7
    nearest = below[-1:] or above[:1]
    if nearest and abs(nearest[0][0] - number) <= 100:
        return nearest[0][1], 0.7
    return (nearest[0][1], 0.4) if nearest else (Point(0, 0), 0.0)


def _middle(points: Sequence[Point]) -> Point:
    count = len(points)
    return Point(sum(p.lat for p in points) / count, sum(p.lon for p in points) / count)


def _other(corner: Proposal) -> str:
    return corner.label.partition(" & ")[2]
