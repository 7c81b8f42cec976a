"""`roster import` and `roster export`: spreadsheets from the command line. `__main__` adds them."""

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from services.dispatch.adapters.postgres_imports import PostgresImports
from services.dispatch.adapters.roster_desk import roster_desk
from services.dispatch.adapters.spreadsheets import (
    MOST_BYTES,
    Sheet,
    SheetWrong,
    read_sheets,
    write_csv,
    write_xlsx,
)
from services.dispatch.domain.roster.merging import SORTS, Merged, merge
from services.dispatch.domain.roster.sheet import guess
from services.dispatch.domain.roster.values import What
from services.dispatch.importing import all_exported, exported, import_grid
from services.dispatch.rostering import Desk, read_roster
from services.dispatch.settings import Settings
from shared.audit import record
from shared.clock import SystemClock
from shared.db import Connection, open_pool
from shared.ids import new_id
from shared.work import begin

city_option = click.option("--city", required=True, help="Short name of the city.")


@click.group()
def roster() -> None:
    """Officers, vehicles and teams as spreadsheets."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@city_option
@click.option("--what", type=click.Choice(SORTS), help="What a row is; as it stands: what fits.")
@click.option("--sheet", help="Which sheet of an XLSX file; as it stands: the first.")
@click.option("--look", is_flag=True, help="Say what would become of each row, change nothing.")
def import_roster(file: Path, city: str, what: What | None, sheet: str | None, look: bool) -> None:
    """Read a CSV or XLSX file; importing it again changes nothing."""
    grid = _sheet(file, sheet).rows
    with _opened() as (desk, imports, _):
        reading = guess(grid, imports.remembered(city), what)
        if not reading.is_enough:
            header = ", ".join(filter(None, grid[reading.header])) if grid else ""
            raise click.ClickException(f"No column holds a name; the columns are: {header[:200]}.")
        if look:
            settings, kept = read_roster(desk.rosters, city)
            merged = merge(kept, settings, reading, grid, new_id, desk.contacts)
        else:
            _, merged = import_grid(desk, city, file.name, reading, grid)
    for line in _remarks(merged):
        click.echo(line, err=True)
    click.echo(f"{reading.what}: {merged.sentence}{' Nothing was changed.' if look else ''}")
    sys.exit(1 if merged.count("refused") else 0)


@roster.command("export")
@city_option
@click.option("--what", type=click.Choice(SORTS), default="people", show_default=True)
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="All of it, to here.")
def export_roster(city: str, what: What, xlsx: Path | None) -> None:
    """Write one sort as CSV to standard output, or all of it as XLSX."""
    with _opened() as (desk, _, conn):
        _, kept = read_roster(desk.rosters, city)
        if xlsx or what == "people":
            said = f"{len(kept.people)} people, {'workbook' if xlsx else 'CSV'}"
            record(conn, "contacts exported", said, city=city, actor=desk.actor_name)
    if xlsx:
        xlsx.write_bytes(write_xlsx(all_exported(kept)))
    else:
        click.echo(write_csv(exported(kept, what).rows), nl=False)


@contextmanager
def _opened() -> Iterator[tuple[Desk, PostgresImports, Connection]]:
    settings = Settings.read(os.environ)
    pool = open_pool(settings.database_url, most=1, name="dispatch-cli")
    try:
        with begin(pool, SystemClock()) as work:
            who = f"{getpass.getuser()} at the command line"
            desk = roster_desk(work, "command-line", who)
            yield desk, PostgresImports(work.conn), work.conn
    finally:
        pool.close()


def _sheet(file: Path, name: str | None) -> Sheet:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SheetWrong(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
        sheets = read_sheets(file.read_bytes(), file.name)
    except SheetWrong as wrong:
        raise click.ClickException(str(wrong)) from wrong
    found = next((sheet for sheet in sheets if name in (None, sheet.name)), None)
    if found is None:
        known = ", ".join(sheet.name for sheet in sheets)
        raise click.ClickException(f"There is no sheet {name!r}; the sheets are: {known}.")
    return found


def _remarks(merged: Merged) -> Sequence[str]:
    return [
        f"row {line.row}, {line.name or 'without a name'}: {' '.join(line.words)}"
        for line in merged.lines
        if line.outcome in ("refused", "kept")
    ]
