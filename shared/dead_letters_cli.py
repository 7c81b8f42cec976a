"""The `dead-letters` command of every service: list, show, replay, discard."""

from collections.abc import Callable

import click

from shared import dead_letters
from shared.db import Connection, connect
from shared.dead_letters import DeadLetter
from shared.failures import PorchlightError
from shared.inbox import Inbox


def commands(
    service: str, database_url: Callable[[], str], inbox: Callable[[], Inbox]
) -> click.Group:
    """The command group; `inbox` builds the service's inbox, used only to replay."""
    group = click.Group("dead-letters", help=f"Messages that {service} could not apply.")

    def found(conn: Connection, letter_id: str) -> DeadLetter:
        letter = dead_letters.find(conn, letter_id)
        if letter is None:
            raise click.ClickException(f"{service} has no dead letter {letter_id!r}.")
        return letter

    @group.command("list")
    def list_() -> None:
        """List what nobody has settled yet."""
        with connect(database_url(), f"{service}-cli") as conn:
            for letter in dead_letters.dead(conn):
                click.echo(_line(service, letter))

    @group.command("show")
    @click.argument("letter_id")
    def show(letter_id: str) -> None:
        """Show one letter whole, with the bytes as they came."""
        with connect(database_url(), f"{service}-cli") as conn:
            letter = found(conn, letter_id)
        click.echo(_line(service, letter))
        click.echo(letter.body.decode("utf-8", "backslashreplace"))

    @group.command("replay")
    @click.argument("letter_id")
    def replay(letter_id: str) -> None:
        """Apply one letter again, now."""
        with connect(database_url(), f"{service}-cli") as conn:
            letter = found(conn, letter_id)
        try:
            inbox().replay(letter)
        except PorchlightError as error:
            raise click.ClickException(f"Still refused: {error}") from error
        click.echo(f"{letter.id} is applied.")

    @group.command("discard")
    @click.argument("letter_id")
    def discard(letter_id: str) -> None:
        """Put one letter away for good; its bytes stay in the table."""
        with connect(database_url(), f"{service}-cli") as conn:
            letter = found(conn, letter_id)
            dead_letters.settle(conn, letter.id, "discarded")
        click.echo(f"{letter.id} is discarded.")

    return group


def _line(service: str, letter: DeadLetter) -> str:
    kind = letter.type or "undecodable"
    when = letter.died_at.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{letter.id}  {service}  {when}  {kind}  tried {letter.attempts}x  {letter.error[:120]}"
