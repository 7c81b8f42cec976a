"""`import` and `export` of a city's parties. `__main__` adds them."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from services.registration.adapters.export_desk import ExportDesk
from services.registration.adapters.exports import as_csv
from services.registration.adapters.import_desk import ImportDesk, Upload
from services.registration.adapters.links import Links
from services.registration.commands.importing import complaints, import_list, sentence
from services.registration.commands.opened import known_city, opened
from services.registration.domain.listing import Listing
from services.registration.domain.sheet import SheetWrong
from shared.clock import SystemClock


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
@click.option("--strict", is_flag=True, help="Import nothing if any row is bad.")
def import_parties(file: BinaryIO, slug: str, strict: bool) -> None:
    """Import parties from a CSV or XLSX file; importing it again changes nothing."""
    upload = Upload(Path(file.name).name, file.read(), "the command line")
    with opened(connections=3) as (settings, pool):
        known_city(pool, slug)
        try:
            found = import_list(
                upload,
                slug,
                pool,
                clock=SystemClock(),
                links=Links(settings.secret_key, settings.url),
                strict=strict,
                progress=_progress,
            )
        except SheetWrong as error:
            raise click.ClickException(str(error)) from error
        desk = ImportDesk(pool, SystemClock())
        complaints(desk, found, lambda said: click.echo(said, err=True))
    if found.state == "failed":
        raise click.ClickException(found.problem)
    counts = found.counts
    if counts.get("clipped"):
        click.echo(f"{counts['clipped']} had longer hours and were clipped to the city's evening")
    if counts.get("missed"):
        click.echo(f"{counts['missed']} are outside the city's evening and cannot be visited")
    if counts.get("no_contact"):
        click.echo(f"{counts['no_contact']} have no contact")
    spots = [counts.get(f"spot_{outcome}", 0) for outcome in ("placed", "doubtful", "unknown")]
    if any(spots):
        told = "{} were placed by their address, {} are doubtful, {} unknown".format(*spots)
        click.echo(f"of those without coordinates {told}")
    click.echo(sentence(found))
    if counts.get("refused") and strict:
        raise click.ClickException("Nothing was imported, because some rows are bad.")
    sys.exit(1 if counts.get("refused") else 0)


def _progress(sentence: str) -> None:
    ends = "\r" if sys.stderr.isatty() else "\n"
    click.echo(f"{sentence} rows imported", err=True, nl=False)
    click.echo(ends, err=True, nl=False)


@click.command("export")
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
def export_parties(slug: str) -> None:
    """Write the city's parties as CSV to standard output."""
    with opened() as (_, pool):
        city = known_city(pool, slug)
        for line in as_csv(ExportDesk(pool).parties(city, Listing(), "csv"), city):
            click.echo(line, nl=False)
