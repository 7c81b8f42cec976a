"""A notify database and a bench upon it."""

from collections.abc import Callable, Iterator

import pytest

from shared.db import Pool, open_pool
from tests.notify.bench import Bench
from tests.notify.staff import House, house_of


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    """A fresh notify database."""
    return database("notify")


@pytest.fixture
def pool(url: str) -> Iterator[Pool]:
    """Connections to it."""
    with open_pool(url, name="test") as opened:
        yield opened


@pytest.fixture
def bench(pool: Pool) -> Bench:
    """Notify on the outbox provider."""
    return Bench(pool)


@pytest.fixture
def house(database: Callable[[str], str], redis_url: str) -> Iterator[House]:
    """Notify with its staff pages."""
    url = database("notify")
    with open_pool(url, name="test") as opened:
        yield house_of(url, redis_url, opened)
