"""`streets`: loads the street lines that a city's map is drawn from. `__main__` adds it."""

import os
from pathlib import Path

import click

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.settings import Settings
from shared.clock import SystemClock
from shared.db import open_pool
from shared.ground import OSM
from shared.street_lines import StreetsRefused, pack, read_streets
from shared.street_store import StreetStore


@click.command()
@click.option("--city", required=True, help="Short name of the city.")
@click.option("--attribution", help="Whose work the file is; shown on the map.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def streets(city: str, attribution: str | None, file: Path) -> None:
    """Load a city's streets from an OpenStreetMap extract (.osm.pbf) or from GeoJSON lines."""
    try:
        lines, count = pack(read_streets(file))
    except StreetsRefused as refused:
        raise click.ClickException(str(refused)) from refused
    if not count:
        raise click.ClickException(f"{file.name} holds no streets.")
    pool = open_pool(Settings.read(os.environ).database_url, most=2, name="dispatch-cli")
    try:
        known = dict(BoardReader(pool).cities())
        if city not in known:
            names = ", ".join(sorted(known)) or "none yet"
            raise click.ClickException(f"There is no city {city!r}. The cities are: {names}.")
        owner = OSM if file.suffix == ".pbf" else ""
        StreetStore(pool).keep(city, lines, attribution or owner, SystemClock().now())
    finally:
        pool.close()
    click.echo(f"{known[city]}: {count} streets, {len(lines) // 1024} KiB for each map.")
