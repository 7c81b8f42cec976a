"""What every command needs: the settings and a pool for one short errand. Commands use it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from services.registration.adapters.postgres_cities import CityMemory
from services.registration.domain.city import City
from services.registration.settings import Settings
from shared.db import Pool, open_pool


@contextmanager
def opened(connections: int = 1) -> Iterator[tuple[Settings, Pool]]:
    """The settings and a pool, closed at the end."""
    settings = Settings.read(os.environ)
    pool = open_pool(settings.database_url, most=connections, name="registration-cli")
    try:
        yield settings, pool
    finally:
        pool.close()


def known_city(pool: Pool, slug: str) -> City:
    """The city, or one sentence and the end."""
    found = CityMemory(pool).find(slug)
    if found is None:
        raise click.ClickException(f"There is no city {slug!r}; see `city list`.")
    return found
