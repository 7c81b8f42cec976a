"""What dispatch's commands work with: the office, the city's evening, who asks, errors in words."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import click

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.domain.evening import Evening
from services.dispatch.main.means import means_of
from services.dispatch.planning import Planning
from services.dispatch.preparing.office import NoSuchCity, Office, evening_of
from services.dispatch.settings import Settings
from services.dispatch.worker import make_planning
from shared.clock import SystemClock
from shared.db import Pool, connect, open_pool
from shared.failures import Permanent, Refused

city_option = click.option("--city", required=True, help="Short name of the city.")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command works."""

    pool: Pool
    planning: Planning
    office: Office

    def evening(self, city: str) -> Evening:
        """The city's present state; raises `NoSuchCity`."""
        with self.pool.connection() as conn:
            return evening_of(conn, city)


@contextmanager
def opened() -> Iterator[Desk]:
    """A desk for one command; what is refused ends it with sentences."""
    settings = Settings.read(os.environ)
    pool = open_pool(settings.database_url, most=3, name="dispatch-cli")
    try:
        locking = partial(connect, settings.database_url, "dispatch-planning-lock")
        planning = make_planning(pool, SystemClock(), locking, means_of(settings))
        # Nobody has to be hinted: the sweep sees what is decided here within a second.
        office = Office(pool, SystemClock(), _unhinted, _unhinted, planning)
        yield Desk(pool, planning, office)
    except NoSuchCity as fault:
        known = ", ".join(sorted(city for city, _ in BoardReader(pool).cities()))
        known = known or "none yet: add one with `./porchlight city add FILE`"
        raise click.ClickException(f"{str(fault)[:-1]}. The cities are: {known}.") from fault
    except Refused as fault:
        lines = [f"  {field}: {word}" for field, words in fault.fields.items() for word in words]
        raise click.ClickException("\n".join([str(fault), *lines])) from fault
    except Permanent as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        pool.close()


def who() -> str:
    """Who gives a command, for the record."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"


def _unhinted(_city: str) -> None:
    """Leaves it to the sweep."""
