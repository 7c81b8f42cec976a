"""`policy`: shows and changes a city's policies, and imports when blocks were last visited."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from services.dispatch.adapters.policy_document import policy_json
from services.dispatch.adapters.postgres_decisions import PostgresDecisions
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities
from services.dispatch.commands.opened import city_option, opened, who
from services.dispatch.preparing.office import deciding
from services.dispatch.preparing.policies import change_policies, show_policies
from shared.failures import Refused

LISTS = ("beats", "stay_in")


@click.group()
def policy() -> None:
    """A city's policies: whom its plans favour."""


@policy.command("show")
@city_option
@click.option("--json", "as_json", is_flag=True, help="Every setting, for programs.")
def show(city: str, *, as_json: bool) -> None:
    """Show the policies with their effect on the plan that holds."""
    with opened() as desk:
        found = show_policies(desk.office, city)
    if as_json:
        document = {"version": found.settled.version, **policy_json(found.settled.policies)}
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
        return
    settled = found.settled
    when = f"{settled.at:%Y-%m-%d %H:%M} UTC by {settled.by}" if settled.at else "by nobody yet"
    click.echo(f"Settled {when}.")
    for effect in found.effects:
        click.echo(f"  {effect.policy}: {effect.words} {effect.outcome}".rstrip())


@policy.command("set")
@city_option
@click.argument("settings", nargs=-1, required=True, metavar="NAME=VALUE...")
def set_(city: str, settings: tuple[str, ...]) -> None:
    """Change policies, such as equity_points=10 beats.team-4=north,south cap=none."""
    with opened() as desk:
        before = policy_json(show_policies(desk.office, city).settled.policies)
        settled = change_policies(desk.office, city, _document(before, settings), who())
        click.echo(f"The policies hold from now on (decision {settled.version}).")
        for effect in show_policies(desk.office, city).effects:
            click.echo(f"  {effect.policy}: {effect.words}")


@policy.command("history")
@city_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def history(city: str, file: Path) -> None:
    """Import when blocks were last visited: CSV with the columns address and last_visited."""
    with opened() as desk, file.open(encoding="utf-8-sig", newline="") as text:
        visited = list(_visited(csv.DictReader(text)))
        with deciding(desk.office, city) as decision:
            store = PostgresDecisions(decision.work.conn)
            kept = store.keep_history(city, visited)
            PostgresDirtyCities(decision.work.conn).mark(city, decision.work.now)
        click.echo(f"{len(visited)} blocks read, {kept} of them news.")


def _visited(rows: "csv.DictReader[str]") -> list[tuple[str, int]]:
    if not {"address", "last_visited"} <= set(rows.fieldnames or ()):
        raise Refused("The file needs a header with the columns address and last_visited.")
    found = []
    for number, row in enumerate(rows, start=2):
        address, year = (row["address"] or "").strip(), (row["last_visited"] or "").strip()[:4]
        if not address or not year.isdecimal():
            said = f"Line {number} needs an address and a year; nothing was imported."
            raise Refused(said)
        found.append((address, int(year)))
    return found


def _document(before: Mapping[str, Any], settings: tuple[str, ...]) -> dict[str, Any]:
    """What `NAME=VALUE` or `NAME.KEY=VALUE` change."""
    document: dict[str, Any] = {}
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals:
            raise Refused(f"{setting!r} is no NAME=VALUE.")
        name, dot, key = path.partition(".")
        value = _value(name, text)
        if not dot:
            document[name] = value
            continue
        known = document.setdefault(name, dict(before.get(name) or {}))
        if value is None:
            known.pop(key, None)
        else:
            known[key] = value
    return document


def _value(name: str, text: str) -> Any:
    if text.lower() in ("", "none", "off"):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text.split(",") if name in LISTS else text
