"""How well addresses are found, and how fast: `python -m benchmarks.geocoder`.

Real lists are loaded into a fresh database and asked for as residents would write them. A hit lies
within the set's own distance of the row's place. What counts most is `wrong`: answers of a quality
that is taken without asking, at a place that is not the one meant.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.geocoder_sets import Asked, Row, corners, pasadena, philadelphia, spelt
from local.servers import EmbeddedServers
from services.registration.adapters.address_extract import Found, read_extract
from services.registration.adapters.address_files import address_point
from services.registration.adapters.corners import guess_corners
from services.registration.adapters.postgres_addresses import AddressStore
from services.registration.adapters.postgres_geocoder import PostgresGeocoder
from services.registration.domain.addresses import read_address
from services.registration.domain.city import City
from services.registration.domain.city_file import read_city
from services.registration.domain.geography import km_between
from shared.clock import SystemClock
from shared.db import Pool, open_pool
from shared.migrations import migrate

ROOT = Path(__file__).parent.parent
MIGRATIONS = ROOT / "services" / "registration" / "migrations"


@dataclass
class Tally:
    """What became of one set of questions."""

    name: str
    asked: int = 0
    good: int = 0
    right_good: int = 0
    listed: int = 0
    none: int = 0
    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One row of the table."""
        precision = f"{100 * self.right_good / self.good:.1f} %" if self.good else "-"
        times = sorted(self.milliseconds)
        middle, late = statistics.median(times), times[int(len(times) * 0.95)]
        return (
            f"| {self.name} | {self.asked} | {self.good} | {self.right_good} |"
            f" {self.good - self.right_good} | {precision} | {self.listed} | {self.none} |"
            f" {middle:.1f} | {late:.1f} |"
        )


HEAD = (
    "| questions | asked | taken | right | wrong | precision | right among the proposals | none |"
    " ms p50 | ms p95 |\n|---|---|---|---|---|---|---|---|---|---|"
)


class Bench:
    """A database with one city's rows in it, asked again and again."""

    def __init__(self, pool: Pool, city: City, show: bool) -> None:
        self.pool = pool
        self.city = city
        self.show = show
        self.geocoder = PostgresGeocoder(pool)

    def load(self, rows: Sequence[Row]) -> None:
        """Put these rows in place of those before."""
        points = [address_point(row.as_read()) for row in rows]
        found = Found([point for point in points if point])
        found.corners = guess_corners(found.points)
        now = SystemClock().now()
        AddressStore(self.pool).replace(self.city.slug, "points", found, now, lambda *_: None)

    def run(self, name: str, questions: Sequence[Asked], within_km: float) -> Tally:
        """Ask them all."""
        tally = Tally(name)
        for question in questions:
            self.ask(tally, question, within_km)
        self.say(tally)
        return tally

    def ask(self, tally: Tally, question: Asked, within_km: float) -> None:
        """Ask one."""
        began = time.perf_counter()
        found = self.geocoder.propose(question.text, self.city)
        tally.milliseconds.append((time.perf_counter() - began) * 1000)
        tally.asked += 1
        right = [
            question.place is not None and km_between(p.point, question.place) <= within_km
            for p in found
        ]
        tally.none += not found
        tally.listed += any(right)
        if found and found[0].is_good:
            tally.good += 1
            tally.right_good += right[0]
            if not right[0]:
                tally.wrong.append(f"{question.text!r} -> {found[0]}")

    def say(self, tally: Tally) -> None:
        """Print the row, and what was wrong if asked to."""
        click.echo(tally.line())
        if self.show:
            for line in tally.wrong[:12]:
                click.echo(f"    {line}", err=True)


def leave_one_out(bench: Bench, name: str, rows: Sequence[Row], within_km: float) -> None:
    """Ask for each row while it is not there; its neighbours are all that is known."""
    tally = Tally(name)
    for row in rows:
        point = address_point(row.as_read())
        if point is None:
            continue
        at = (point.number, point.point.lat, point.point.lon)
        where = "number = %s and lat = %s and lon = %s"
        with bench.pool.connection() as conn:
            gone = conn.execute(
                f"delete from address_points where {where} returning street_id", at
            ).fetchall()
        bench.ask(tally, Asked(row.address, row.place), within_km)
        with bench.pool.connection() as conn:
            for (street,) in gone:
                conn.execute("insert into address_points values (%s, %s, %s, %s)", (street, *at))
    bench.say(tally)


def street_left_out(bench: Bench, name: str, rows: Sequence[Row]) -> None:
    """Ask for each row while its whole street is unknown: every answer taken is wrong."""
    tally = Tally(name)
    for row in rows:
        point = address_point(row.as_read())
        if point is None:
            continue
        words = (point.street.direction, point.street.name, point.street.kind)
        where = "(direction, name, kind) = (%s, %s, %s)"
        hide = "update address_streets set city = %s where city = %s and " + where
        with bench.pool.connection() as conn:
            conn.execute(hide, ("hidden", bench.city.slug, *words))
        bench.ask(tally, Asked(row.address, None), 0)
        with bench.pool.connection() as conn:
            conn.execute(hide, (bench.city.slug, "hidden", *words))
    bench.say(tally)


def _pasadena(bench: Bench, data: Path, sample: int) -> None:
    rows = pasadena(data)
    bench.load(rows)
    chosen = random.Random(1).sample(rows, min(sample, len(rows)))
    click.echo(f"\nPasadena: {len(rows)} addresses loaded, hit within 60 m\n\n{HEAD}")
    for name, questions in spelt(chosen):
        bench.run(name, questions, 0.06)
    blocks = [Asked(row.block(), row.place) for row in chosen]
    bench.run("its hundred-block (hit within 200 m)", blocks, 0.2)
    leave_one_out(bench, "its row left out (200 m)", chosen, 0.2)
    street_left_out(bench, "its street left out", chosen)


def _philadelphia(bench: Bench, data: Path, sample: int) -> None:
    rows = philadelphia(data)
    bench.load(rows)
    chosen = random.Random(1).sample(rows, min(sample, len(rows)))
    click.echo(f"\nPhiladelphia: {len(rows)} hundred-blocks loaded, hit within 200 m\n\n{HEAD}")
    for name, questions in spelt(chosen):
        bench.run(name, questions, 0.2)
    blocks = [Asked(row.block(), row.place) for row in chosen]
    bench.run("as '400 block of'", blocks, 0.2)
    leave_one_out(bench, "its row left out", chosen, 0.2)
    street_left_out(bench, "its street left out", chosen)


def _portland(bench: Bench, data: Path, sample: int) -> None:
    found = read_extract(data / "portland_central.osm.pbf")
    began = time.perf_counter()
    AddressStore(bench.pool).replace(
        bench.city.slug, "osm", found, SystemClock().now(), lambda *_: None
    )
    took = time.perf_counter() - began
    click.echo(
        f"\nPortland (OpenStreetMap extract): {len(found.points)} addresses, {len(found.streets)}"
        f" streets, {len(found.corners)} corners loaded in {took:.1f} s, hit within 100 m\n\n{HEAD}"
    )
    for name, questions in corners(found, sample):
        bench.run(name, questions, 0.1)


def _as_written(data: Path) -> None:
    lines = (data / "addresses_as_residents_write_them.txt").read_text().splitlines()
    click.echo("\nAs residents write them (no coordinates are known: only how they are read)\n")
    for line in lines:
        ways = read_address(line)
        click.echo(f"{line}  ->  {type(ways[0]).__name__ if ways else 'nothing'} {ways[:1]}")


@click.command()
@click.option("--data", default=str(ROOT.parent / "shared" / "data"), show_default=True)
@click.option("--sample", default=300, show_default=True, help="Rows asked for in each city.")
@click.option("--show-wrong", is_flag=True, help="Print what was wrong to standard error.")
def main(data: str, sample: int, show_wrong: bool) -> None:
    """Print the tables."""
    folder = Path(data)
    text = (ROOT / "local" / "sample" / "pasadena.toml").read_text()
    with (
        tempfile.TemporaryDirectory() as place,
        EmbeddedServers(Path(place), say=lambda _: None, throwaway=True) as servers,
    ):
        url = servers.database_urls["registration"]
        migrate(url, MIGRATIONS)
        pool = open_pool(url, most=2)
        for slug, name, run in (
            ("pasadena", "Pasadena", _pasadena),
            ("philadelphia", "Philadelphia", _philadelphia),
        ):
            own = text.replace('"pasadena"', f'"{slug}"').replace('"Pasadena"', f'"{name}"')
            run(Bench(pool, read_city(own), show_wrong), folder, sample)
        portland = text.replace("34.1394516", "45.52").replace("-118.0831244", "-122.67")
        own = portland.replace('"pasadena"', '"portland"').replace('"Pasadena"', '"Portland"')
        _portland(Bench(pool, read_city(own), show_wrong), folder, sample)
        pool.close()
    _as_written(folder)


if __name__ == "__main__":
    main()
