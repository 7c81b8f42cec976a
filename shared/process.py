"""What `python -m services.<name>` runs: one role, or a command. Only `__main__` modules use it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

import click
import psycopg
from psycopg_pool import PoolTimeout

from shared.failures import PorchlightError
from shared.redis import RedisError

Entry = str | Callable[[], None] | click.Command


class _Entries(click.Group):
    """A group whose entries are loaded only when they are asked for.

    A relay that died is back sooner without Flask and Celery.
    """

    def __init__(self, name: str, entries: Mapping[str, Entry]) -> None:
        super().__init__(name, help=f"Runs one role of {name}, or one command.")
        self._entries = entries

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self._entries)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        found = _load(entry) if isinstance(entry, str) else entry
        if isinstance(found, click.Command):
            return found
        return click.Command(cmd_name, callback=found, help=found.__doc__)


def _load(target: str) -> Callable[[], None] | click.Command:
    module, _, name = target.partition(":")
    found: Callable[[], None] | click.Command = getattr(import_module(module), name)
    return found


def command_line(
    service: str, roles: Mapping[str, Entry], commands: Sequence[click.Command] = ()
) -> None:
    """Run the entry that the arguments name; faults become one sentence and exit 2.

    An entry is a command, a function, or either's name as "module:name".
    """
    group = _Entries(service, {**roles, **{str(c.name): c for c in commands}})
    try:
        group.main(prog_name=f"python -m services.{service}")
    except PorchlightError as error:
        _end(str(error))
    except (psycopg.OperationalError, PoolTimeout) as error:
        _end(f"The database does not answer: {str(error).strip().splitlines()[0]}")
    except RedisError as error:
        _end(f"Redis does not answer: {error}")


def _end(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)
