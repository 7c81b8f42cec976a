"""The verbs of `./porchlight`; called by `python -m local` only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from local import checks, dead_letters, running, settings, table
from local.planning_verbs import PLANNING_VERBS
from local.problems import Problem
from local.up import Foreground
from shared import grants, tokens

PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}
MENU = {"help_option_names": ["-h", "--help"]}

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=settings.default_data,
    show_default="<checkout>/.porchlight",
    help="Folder that holds everything.",
)
arguments = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)


@click.group(context_settings=MENU, invoke_without_command=True)
@click.pass_context
def porchlight(context: click.Context) -> None:
    """Porchlight runs a city's National Night Out: registration, dispatch and messages."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@porchlight.command("help")
@click.pass_context
def show_help(context: click.Context) -> None:
    """Show this menu."""
    click.echo(context.parent.get_help() if context.parent else "")


@porchlight.command()
@click.option("--port", default=8000, show_default=True, help="First of three ports in a row.")
@data_option
@click.option("--empty", is_flag=True, help="Without the sample city.")
@click.option("--quiet", is_flag=True, help="Only the table and warnings, no logs.")
def up(port: int, data: Path, empty: bool, quiet: bool) -> None:
    """Start everything and stay with it until Ctrl-C."""
    sys.exit(Foreground(data, port, empty, quiet).run())


@porchlight.command()
@data_option
def status(data: Path) -> None:
    """Show what runs, where, and in which state."""
    found = running.running_state(data)
    lines = table.rows(found, data.absolute())
    table.show("Porchlight", lines)
    sys.exit(0 if all(line.good for line in lines) else 1)


@porchlight.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", required=True, help="Short name of the city.")
@data_option
def import_parties(file: Path, city: str, data: Path) -> None:
    """Read parties from a CSV file; a second time changes nothing."""
    _registration(data, "import", str(file), "--city", city)


@porchlight.command()
@click.option("--city", required=True, help="Short name of the city.")
@data_option
def export(city: str, data: Path) -> None:
    """Write all parties of a city as CSV to standard output."""
    _registration(data, "export", "--city", city)


@porchlight.group()
def addresses() -> None:
    """A city's own addresses, from which places are proposed to hosts."""


@addresses.command("load")
@click.option("--city", required=True, help="Short name of the city.")
@click.argument("file", type=click.Path(path_type=Path))
@data_option
def addresses_load(file: Path, city: str, data: Path) -> None:
    """Load address points (CSV, GeoJSON) or an OpenStreetMap extract."""
    _registration(data, "addresses", "load", str(file.absolute()), "--city", city)


@porchlight.group()
def areas() -> None:
    """The outlines of a city's areas, beats and districts."""


@areas.command("load", context_settings={"ignore_unknown_options": True})
@click.option("--city", required=True, help="Short name of the city.")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1)
@data_option
def areas_load(file: Path, city: str, arguments: tuple[str, ...], data: Path) -> None:
    """Load polygons: FILE --city C --layer area|beat|district --code-field X --name-field Y."""
    _registration(data, "areas", "load", str(file.absolute()), "--city", city, *arguments)


@porchlight.group()
def city() -> None:
    """Add a city (one TOML file), or list them."""


@city.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@data_option
def city_add(file: Path, data: Path) -> None:
    """Add a city, or bring its settings up to date."""
    _registration(data, "city", "add", str(file))


@city.command("list")
@data_option
def city_list(data: Path) -> None:
    """List the cities of this installation."""
    _registration(data, "city", "list")


@porchlight.command(context_settings={"ignore_unknown_options": True})
@click.option("--city", required=True, help="Short name of the city.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[--seconds S] [...]")
@data_option
def plan(city: str, arguments: tuple[str, ...], data: Path) -> None:
    """Draft a city's plan and show it with its reasons.

    \b
    --seconds S               how long to search (default: 10)
    --iterations N --seed K   instead of seconds: the same plan each time
    --changes N               promises to hosts that may be broken (default: none)
    --afresh                  as if no host had been told anything
    --forecast                what one more team would add
    --save NAME               keep the draft by this name
    --publish                 let the draft hold, and tell hosts and teams
    """
    words = ("plan", "--city", city, *arguments)
    running.become("dispatch", words, running.environment(data, os.environ))


for group in PLANNING_VERBS:
    porchlight.add_command(group)


@porchlight.group()
def roster() -> None:
    """Read officers, vehicles and teams from a spreadsheet, or write them to one."""


@roster.command("import", context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", required=True, help="Short name of the city.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[--look] [...]")
@data_option
def roster_import(file: Path, city: str, arguments: tuple[str, ...], data: Path) -> None:
    """Read a CSV or XLSX file; what was edited since the last import stays.

    \b
    --what people|teams|vehicles   what a row is (default: what fits)
    --sheet NAME                   which sheet of an XLSX file (default: the first)
    --look                         say what would become of each row, change nothing
    """
    words = ("roster", "import", str(file), "--city", city, *arguments)
    running.become("dispatch", words, running.environment(data, os.environ))


@roster.command("export")
@click.option("--city", required=True, help="Short name of the city.")
@click.option("--what", default="people", show_default=True, help="Or teams, or vehicles.")
@click.option("--xlsx", type=click.Path(path_type=Path), help="Write all of it to this file.")
@data_option
def roster_export(city: str, what: str, xlsx: Path | None, data: Path) -> None:
    """Write people, teams or vehicles as CSV to standard output, or all as XLSX."""
    file = ("--xlsx", str(xlsx)) if xlsx else ()
    words = ("roster", "export", "--city", city, "--what", what, *file)
    running.become("dispatch", words, running.environment(data, os.environ))


@porchlight.command("team-links", context_settings={"ignore_unknown_options": True})
@click.option("--city", required=True, help="Short name of the city.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[--qr] [...]")
@data_option
def team_links(city: str, arguments: tuple[str, ...], data: Path) -> None:
    """Print the links that open teams' phone pages for their shift.

    \b
    --team ID                 only this team; may be given again
    --qr                      show each code here, to be scanned
    --svg FILE                write a sheet of codes
    --renew                   end the links that hold, and make new ones
    """
    words = ("team-links", "--city", city, *arguments)
    running.become("dispatch", words, running.environment(data, os.environ))


@porchlight.command()
@click.option("--city", required=True, help="Short name of the city.")
@click.option("--attribution", default="", help="Whose work the file is, if not OpenStreetMap's.")
@click.argument("file", type=click.Path(path_type=Path))
@data_option
def streets(city: str, attribution: str, file: Path, data: Path) -> None:
    """Load the streets for a city's map from an OSM extract or GeoJSON."""
    words = ("streets", "--city", city, str(file.absolute()))
    said = ("--attribution", attribution) if attribution else ()
    running.become("dispatch", (*words, *said), running.environment(data, os.environ))


@porchlight.command()
@click.option("--role", required=True, type=click.Choice(grants.ROLES), help="What it allows.")
@click.option("--city", default="*", show_default="every city", help="Where it is good.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660))
@data_option
def token(role: str, city: str, days: int, data: Path) -> None:
    """Print an API token, good for some days."""
    click.echo(tokens.issue(running.secret_key(data, os.environ), role, city, days))


@porchlight.group("staff")
def staff_verbs() -> None:
    """People who may sign in: invite, list, disable."""


@staff_verbs.command("invite")
@click.argument("email")
@click.option("--name", default="", help="Of the person, who can change it.")
@click.option("--role", required=True, type=click.Choice(grants.ROLES), help="What it allows.")
@click.option("--city", default="*", show_default="every city", help="Where it is good.")
@data_option
def staff_invite(email: str, name: str, role: str, city: str, data: Path) -> None:
    """Print a one-time link for a new person, or a new one for an account that is there."""
    _staff(data, "invite", email, "--name", name, "--role", role, "--city", city)


@staff_verbs.command("list")
@data_option
def staff_list(data: Path) -> None:
    """List everybody with state and roles."""
    _staff(data, "list")


@staff_verbs.command("disable")
@click.argument("email")
@data_option
def staff_disable(email: str, data: Path) -> None:
    """End a person's access, everywhere and at once."""
    _staff(data, "disable", email)


@porchlight.group("dead-letters")
def dead_letter_verbs() -> None:
    """Messages that no service could use: look at them, replay or discard them."""


@dead_letter_verbs.command("list")
@data_option
def dead_letters_list(data: Path) -> None:
    """List them, service by service."""
    sys.exit(dead_letters.list_all(running.environment(data, os.environ)))


def _add_dead_letter_verb(verb: str, summary: str) -> None:
    @dead_letter_verbs.command(verb, help=summary)
    @click.argument("identity", metavar="ID")
    @data_option
    def act(identity: str, data: Path) -> None:
        sys.exit(dead_letters.act_on_one(verb, identity, running.environment(data, os.environ)))


_add_dead_letter_verb("show", "Show one with its error and its raw bytes.")
_add_dead_letter_verb("replay", "Try one again.")
_add_dead_letter_verb("discard", "Give one up for good.")


@porchlight.command(context_settings=PASS_ON)
@arguments
def test(arguments: tuple[str, ...]) -> None:
    """Run every check and test; with pytest arguments only the tests."""
    sys.exit(checks.run(arguments))


def _staff(data: Path, *words: str) -> None:
    running.become("dispatch", ("staff", *words), running.environment(data, os.environ))


def _registration(data: Path, *words: str) -> None:
    running.become("registration", words, running.environment(data, os.environ))


def main() -> None:
    """A user never sees a stack trace: a sentence, and code 2 for what he can put right."""
    try:
        porchlight(prog_name="./porchlight")
    except Problem as problem:
        click.echo(f"porchlight: {problem}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        click.echo(
            f"porchlight: {error.filename or ''} {error.strerror or error}.".strip(), err=True
        )
        sys.exit(2)
