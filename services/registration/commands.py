"""Registration's own commands: cities, import, export. `__main__` adds them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from services.registration.adapters.links import Links
from services.registration.adapters.postgres_cities import CityMemory, PostgresCityBook
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.domain.city import City
from services.registration.domain.city_file import read_city
from services.registration.domain.party import Party
from services.registration.domain.sheet import SheetWrong, read_sheet, write_sheet
from services.registration.domain.toml_table import CityFileWrong
from services.registration.handlers.cities import configure_city
from services.registration.importing import Importer
from services.registration.settings import Settings
from shared.clock import SystemClock
from shared.db import Pool, open_pool
from shared.work import begin

_EXPORTED = [
    "code",
    "state",
    "reference",
    "name",
    "address",
    "location_notes",
    "lat",
    "lon",
    "area",
    "starts_at",
    "ends_at",
    "people",
    "children",
    "wanted",
    "no_visit",
    "host_name",
    "phone",
    "email",
    "language",
    "sms_consent",
]


@contextmanager
def _opened() -> Iterator[tuple[Settings, Pool]]:
    settings = Settings.read(os.environ)
    pool = open_pool(settings.database_url, most=1, name="registration-cli")
    try:
        yield settings, pool
    finally:
        pool.close()


def _known(pool: Pool, slug: str) -> City:
    found = CityMemory(pool).find(slug)
    if found is None:
        raise click.ClickException(f"There is no city {slug!r}; see `city list`.")
    return found


@click.group()
def city() -> None:
    """Cities and their settings."""


@city.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add_city(file: Path) -> None:
    """Add a city from its TOML file, or update it."""
    try:
        source = file.read_text(encoding="utf-8")
        settings = read_city(source)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: please save the file as UTF-8 text.") from error
    except CityFileWrong as error:
        raise click.ClickException(f"{file}: {error}") from error
    with _opened() as (_, pool), begin(pool, SystemClock()) as work:
        outcome = configure_city(settings, source, PostgresCityBook(work.conn), work, work.now)
    for note in settings.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"{settings.slug}: {outcome}")


@city.command("list")
def list_cities() -> None:
    """List the cities of this installation."""
    with _opened() as (_, pool):
        for found in CityMemory(pool).all():
            click.echo(f"{found.slug}  {found.name}  {found.day}  {len(found.teams)} teams")


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
@click.option("--strict", is_flag=True, help="Import nothing if any row is bad.")
def import_parties(file: BinaryIO, slug: str, strict: bool) -> None:
    """Import parties from a CSV file; importing it again changes nothing."""
    try:
        rows = read_sheet(file.read())
    except SheetWrong as error:
        raise click.ClickException(str(error)) from error
    with _opened() as (settings, pool):
        importer = Importer(
            _known(pool, slug),
            pool,
            clock=SystemClock(),
            links=Links(settings.secret_key, settings.url),
            complain=lambda sentence: click.echo(sentence, err=True),
            progress=_progress,
        )
        tally = importer.run(rows, strict=strict)
    if tally.clipped:
        click.echo(f"{tally.clipped} had longer hours and were clipped to the city's evening")
    if tally.missed:
        click.echo(f"{tally.missed} are outside the city's evening and cannot be visited")
    if tally.no_contact:
        click.echo(f"{tally.no_contact} have no contact")
    click.echo(tally.sentence())
    if tally.refused and strict:
        raise click.ClickException("Nothing was imported, because some rows are bad.")
    sys.exit(1 if tally.refused else 0)


def _progress(sentence: str) -> None:
    ends = "\r" if sys.stderr.isatty() else "\n"
    click.echo(f"{sentence} rows imported", err=True, nl=False)
    click.echo(ends, err=True, nl=False)


@click.command("export")
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
def export_parties(slug: str) -> None:
    """Write the city's parties as CSV to standard output."""
    with _opened() as (_, pool):
        settings = _known(pool, slug)
        with pool.connection() as conn:
            parties = PostgresPartyBook(conn).in_city(slug)
    for line in write_sheet(_EXPORTED, (_cells(party, settings) for party in parties)):
        click.echo(line, nl=False)


def _cells(party: Party, settings: City) -> list[object]:
    details, host, place = party.details, party.details.host, party.details.place
    opens, closes = details.span.opens, details.span.closes
    return [
        party.code,
        party.state,
        party.id,
        details.name,
        details.address,
        details.location_notes,
        place.lat if place else "",
        place.lon if place else "",
        details.area,
        opens.astimezone(settings.zone).isoformat(timespec="minutes"),
        closes.astimezone(settings.zone).isoformat(timespec="minutes"),
        details.people,
        details.children,
        ";".join(details.wanted),
        "yes" if details.no_visit else "no",
        host.name,
        host.phone,
        host.email,
        host.language,
        "yes" if host.sms_consent else "no",
    ]
