"""What `python -m services.<name>` runs: one role, or a command. Only `__main__` modules use it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
import psycopg
from gunicorn.app.base import BaseApplication
from psycopg_pool import PoolTimeout

from shared.failures import PorchlightError
from shared.redis import RedisError

Role = Callable[[], None]


def command_line(
    service: str, roles: Mapping[str, Role], commands: Sequence[click.Command] = ()
) -> None:
    """Run the role or command that the arguments name; faults become one sentence and exit 2."""
    group = click.Group(name=service, help=f"Runs one role of {service}, or one command.")
    for name, role in roles.items():
        group.add_command(click.Command(name, callback=role, help=role.__doc__))
    for command in commands:
        group.add_command(command)
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


class _Server(BaseApplication):
    def __init__(self, make: Callable[[], Any], options: Mapping[str, Any]) -> None:
        self._make = make
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return self._make()


def serve(make: Callable[[], Any], *, bind: str, port: int, threads: int, workers: int) -> None:
    """Serve the application on `bind:port` until told to stop; a clean stop takes up to 3 s."""
    options = {
        "bind": f"{bind}:{port}",
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        "graceful_timeout": 3,
        "keepalive": 30,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    _Server(make, options).run()
