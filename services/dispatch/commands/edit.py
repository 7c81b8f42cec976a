"""`edit`: decisions by hand that every plan keeps: pin, forbid, lock; list and withdraw them."""

from typing import Any

import click

from services.dispatch.commands.opened import city_option, opened, who
from services.dispatch.domain.edit_words import EditShown
from services.dispatch.preparing.edits import add_edit, list_edits, withdraw_edit

reason_option = click.option("--reason", default="", help="Why, for the record.")


@click.group()
def edit() -> None:
    """Hand edits that every plan keeps until they are withdrawn."""


@edit.command("list")
@city_option
def list_(city: str) -> None:
    """List the edits, with those that can no longer hold and why."""
    with opened() as desk:
        found = list_edits(desk.office, city)
    for shown in (*found.edits, *found.withdrawn):
        for line in _lines(shown):
            click.echo(line)
    if not found.edits and not found.withdrawn:
        click.echo("There are no edits.")


@edit.command("pin")
@city_option
@click.argument("party")
@click.option("--team", default="", help="The team that makes the visit.")
@click.option("--from", "earliest", default="", help="Earliest start, such as 18:30.")
@click.option("--to", "latest", default="", help="Latest start.")
@click.option("--visitor", default="", help="Which kind of visitor, where the host asked for more.")
@reason_option
def pin(city: str, **given: Any) -> None:
    """Have a party visited, by a team or at a time if you say so."""
    _add(city, {"kind": "pin", **given})


@edit.command("forbid")
@city_option
@click.argument("party")
@click.option("--team", default="", help="Only this team; without it nobody.")
@reason_option
def forbid(city: str, **given: Any) -> None:
    """Have a party not visited, by a team or by anybody."""
    _add(city, {"kind": "forbid", **given})


@edit.command("lock")
@city_option
@click.argument("team")
@click.argument("parties", nargs=-1, required=True)
@click.option("--only", is_flag=True, help="And no other stops.")
@reason_option
def lock(city: str, parties: tuple[str, ...], **given: Any) -> None:
    """Have a team visit these parties in this order."""
    _add(city, {"kind": "lock", "parties": list(parties), **given})


@edit.command("withdraw")
@city_option
@click.argument("id_", metavar="ID")
def withdraw(city: str, id_: str) -> None:
    """Take an edit back."""
    with opened() as desk:
        withdraw_edit(desk.office, city, id_, who())
    click.echo("The edit no longer holds.")


def _add(city: str, document: dict[str, Any]) -> None:
    with opened() as desk:
        added = add_edit(desk.office, city, document, who())
    click.echo(f"{added.edit.words} (edit {added.edit.id})")
    for other in added.overruled:
        click.echo(f"This makes void: {other.words}")


def _lines(shown: EditShown) -> list[str]:
    when = f", {shown.at:%Y-%m-%d %H:%M} UTC" if shown.at else ""
    why = f" because: {shown.reason}" if shown.reason else ""
    lines = [f"{shown.status:9} {shown.words}", f"          {shown.by}{when}{why}"]
    lines += [f"          {shown.why}"] if shown.why else []
    return [*lines, f"          id {shown.id}"]
