"""`addresses load`: a city's own addresses, for proposing places. `__main__` adds it."""

import sys
from pathlib import Path

import click

from services.registration.adapters.address_extract import Found, read_extract
from services.registration.adapters.address_files import AddressesRefused, read_points
from services.registration.adapters.corners import guess_corners
from services.registration.adapters.postgres_addresses import AddressStore
from services.registration.commands.opened import known_city, opened
from shared.clock import SystemClock

_EXTRACTS = (".osm.pbf", ".osm", ".osm.bz2", ".osm.gz")


@click.group()
def addresses() -> None:
    """The city's own addresses, from which places are proposed."""


@addresses.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
def load(file: Path, slug: str) -> None:
    """Load address points (CSV, GeoJSON) or an OpenStreetMap extract (.osm.pbf).

    A city may have one of each; loading another of the same kind replaces the one before.
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


def _progress(done: int, total: int) -> None:
    ends = "\r" if sys.stderr.isatty() and done < total else "\n"
    click.echo(f"{done} of {total} addresses", err=True, nl=False)
    click.echo(ends, err=True, nl=False)
