"""`import` and `export` of a city's parties. `__main__` adds them."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from services.registration.adapters.import_desk import ImportDesk, Upload
from services.registration.adapters.links import Links
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.commands.importing import complaints, import_list, sentence
from services.registration.commands.opened import known_city, opened
from services.registration.domain.city import City
from services.registration.domain.party import Party
from services.registration.domain.sheet import SheetWrong, write_sheet
from shared.clock import SystemClock

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
    "materials",
    "no_visit",
    "host_name",
    "phone",
    "email",
    "language",
    "sms_consent",
]


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
        settings = known_city(pool, slug)
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
        ";".join(details.materials),
        "yes" if details.no_visit else "no",
        host.name,
        host.phone,
        host.email,
        host.language,
        "yes" if host.sms_consent else "no",
    ]
