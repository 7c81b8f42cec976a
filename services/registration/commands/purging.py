"""`purge`: removes what a city does not keep any longer. `__main__` adds it."""

import click

from services.registration.adapters.links import Links
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.commands.opened import known_city, opened
from services.registration.purge_desk import PurgeDesk, removed
from shared.clock import SystemClock


@click.command("purge")
@click.option("--city", "slug", required=True, help="The city's short name.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
def purge(slug: str, dry_run: bool) -> None:
    """Remove personal data whose days are over, by the city's own settings."""
    with opened() as (settings, pool):
        city = known_city(pool, slug)
        if not any(city.retention.days()):
            click.echo(f"{slug}: the settings keep everything; set [retention] first.")
            return
        links = Links(settings.secret_key, settings.url)
        desk = PurgeDesk(pool, SystemClock(), CityMemory(pool), links)
        report = desk.purge(city, "the command line", dry=dry_run)
    for what, number in report.items():
        click.echo(f"{number:>7}  {what}")
    verb = "would be removed" if dry_run else "removed"
    others = "would be told" if dry_run else "are told"
    click.echo(
        f"{slug}: {removed(report)} {verb} here; dispatch and notify {others} to do the same."
    )
