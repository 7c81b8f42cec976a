"""`addresses load`: a city's own addresses, for proposing places. `__main__` adds it."""

import sys
from pathlib import Path

import click

from services.registration.adapters.address_extract import Found, read_extract
from services.registration.adapters.address_files import AddressesRefused, read_points
from services.registration.adapters.corners import guess_corners
from services.registration.adapters.postgres_addresses import AddressStore
from services.registration.adapters.postgres_look_ups import look_up_again
from services.registration.commands.opened import known_city, opened
from shared.clock import SystemClock
from shared.db import Pool
from shared.ground import OSM
from shared.street_lines import StreetsRefused, pack, read_streets
from shared.street_store import StreetStore

_EXTRACTS = (".osm.pbf", ".osm", ".osm.bz2", ".osm.gz")


@click.group()
def addresses() -> None:
    """The city's own addresses, from which places are proposed."""


@addresses.command("streets")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
@click.option("--attribution", default="", help="Whose work the file is; shown on the map.")
def streets(file: Path, slug: str, attribution: str) -> None:
    """Load the street lines that the form's map is drawn from (.osm.pbf, or GeoJSON lines)."""
    with opened() as (_, pool):
        city = known_city(pool, slug)
        count, size = _keep_lines(pool, slug, file, attribution)
    click.echo(f"{city.name}: {count} streets, {size // 1024} KiB for each map.")


@addresses.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
def load(file: Path, slug: str) -> None:
    """Load address points (CSV, GeoJSON) or an OpenStreetMap extract (.osm.pbf).

    A city may have one of each; loading another of the same kind replaces the one before. An
    extract also gives the streets that the form's map is drawn from.
    """
    try:
        source, found = _read(file)
    except AddressesRefused as refused:
        raise click.ClickException(str(refused)) from refused
    if not found.points and not found.streets:
        raise click.ClickException(f"{file.name} holds no addresses and no named streets.")
    with opened() as (_, pool):
        city = known_city(pool, slug)
        now = SystemClock().now()
        kept = AddressStore(pool).replace(city.slug, source, found, now, _progress)
        with pool.connection() as conn:
            look_up_again(conn, city.slug)
        if source == "osm":
            _keep_lines(pool, slug, file, "")
    if found.refused:
        click.echo(f"{found.refused} rows have no number, street or place and were left out")
    click.echo(
        f"{city.name}: {kept.points} addresses on {kept.streets} streets, {kept.crossings} corners"
    )


def _read(file: Path) -> tuple[str, Found]:
    if file.name.endswith(_EXTRACTS):
        return "osm", read_extract(file)
    found = Found()
    for point in read_points(file):
        if point is None:
            found.refused += 1
        else:
            found.points.append(point)
    found.corners = guess_corners(found.points)
    return "points", found


def _keep_lines(pool: Pool, slug: str, file: Path, attribution: str) -> tuple[int, int]:
    try:
        lines, count = pack(read_streets(file))
    except StreetsRefused as refused:
        raise click.ClickException(str(refused)) from refused
    if not count:
        raise click.ClickException(f"{file.name} holds no streets.")
    owner = attribution or (OSM if file.name.endswith(_EXTRACTS) else "")
    StreetStore(pool).keep(slug, lines, owner, SystemClock().now())
    return count, len(lines)


def _progress(done: int, total: int) -> None:
    ends = "\r" if sys.stderr.isatty() and done < total else "\n"
    click.echo(f"{done} of {total} addresses", err=True, nl=False)
    click.echo(ends, err=True, nl=False)
