"""`staff`: invites people, lists them, ends their access. `__main__` adds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from services.dispatch.adapters.postgres_staff import Staff
from services.dispatch.desk.people import People, in_words
from services.dispatch.domain.staff import tidy_email
from services.dispatch.main.desk import make_desk
from services.dispatch.settings import Settings
from shared.db import open_pool
from shared.grants import ADMINISTRATOR, EVERYWHERE, ROLES, Grant

# Whoever can run commands on the machine may do anything.
OPERATOR = frozenset({Grant(EVERYWHERE, ADMINISTRATOR)})


@click.group()
def staff() -> None:
    """People who may sign in: invite, list, disable."""


@staff.command()
@click.argument("email")
@click.option("--name", default="", help="Of the person; he can change it.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--city", default=EVERYWHERE, show_default="every city")
def invite(email: str, name: str, role: str, city: str) -> None:
    """Print a one-time link for a new person, or a new one for an account that is there."""
    with _opened() as desk:
        known = desk.find(email)
        if known:
            secret = desk.people.invite_again(known, OPERATOR)
        else:
            secret = desk.people.invite(email, name, [Grant(city, role)], OPERATOR)
        click.echo(desk.link(secret))


@staff.command("first")
def first() -> None:
    """Print a one-time link for the first administrator; nothing once somebody can sign in."""
    with _opened() as desk:
        secret = desk.people.invite_first()
        if secret:
            click.echo(desk.link(secret))


@staff.command("list")
def list_staff() -> None:
    """List everybody with state and roles."""
    with _opened() as desk:
        for one in desk.people.listed(OPERATOR):
            person = one.person
            factor = "with second factor" if person.has_totp else "password only"
            parts = (person.email or "-", person.name or "-", person.state, factor)
            click.echo("\t".join((*parts, in_words(one.grants))))


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """End a person's access, everywhere and at once."""
    with _opened() as desk:
        known = desk.find(email)
        if not known:
            raise click.ClickException(f"There is no account with the address {email}.")
        desk.people.disable(known, OPERATOR, "")
        click.echo(f"{tidy_email(email)} can no longer sign in.")


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the commands work."""

    people: People
    url: str

    def find(self, email: str) -> str:
        """The id of the account with this address, or ''."""
        with self.people.pool.connection() as conn:
            found = Staff(conn).by_email(tidy_email(email))
        return found.id if found else ""

    def link(self, secret: str) -> str:
        """The address to open."""
        return f"{self.url.rstrip('/')}/invitation/{secret}"


@contextmanager
def _opened() -> Iterator[_Desk]:
    settings = Settings.read(os.environ)
    pool = open_pool(settings.database_url, most=2, name="dispatch-staff")
    try:
        yield _Desk(make_desk(settings, pool).people, settings.url)
    finally:
        pool.close()
