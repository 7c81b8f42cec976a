"""`city add` and `city list`. `__main__` adds them."""

from pathlib import Path

import click

from services.registration.adapters.postgres_cities import CityMemory, PostgresCityBook
from services.registration.commands.opened import opened
from services.registration.domain.city_file import read_city
from services.registration.domain.toml_table import CityFileWrong
from services.registration.handlers.cities import EditedOnPage, configure_city
from shared.clock import SystemClock
from shared.work import begin


@click.group()
def city() -> None:
    """Cities and their settings."""


@city.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--over-page", is_flag=True, help="Replace what was set on the settings page.")
def add_city(file: Path, over_page: bool) -> None:
    """Add a city from its TOML file, or update it."""
    try:
        source = file.read_text(encoding="utf-8")
        settings = read_city(source)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: please save the file as UTF-8 text.") from error
    except CityFileWrong as error:
        raise click.ClickException(f"{file}: {error}") from error
    try:
        with opened() as (_, pool), begin(pool, SystemClock()) as work:
            book = PostgresCityBook(work.conn)
            outcome = configure_city(settings, source, book, work, work.now, over_page=over_page)
    except EditedOnPage as error:
        advice = "Copy the text from the page, or give --over-page to replace it."
        raise click.ClickException(f"{error} {advice}") from error
    for note in settings.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"{settings.slug}: {outcome}")


@city.command("list")
def list_cities() -> None:
    """List the cities of this installation."""
    with opened() as (_, pool):
        for found in CityMemory(pool).all():
            click.echo(f"{found.slug}  {found.name}  {found.day}  {len(found.teams)} teams")
