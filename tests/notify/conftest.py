"""A notify database and a bench upon it."""

from collections.abc import Callable, Iterator

import pytest

from shared.db import Pool, open_pool
from tests.notify.bench import Bench


@pytest.fixture
def pool(database: Callable[[str], str]) -> Iterator[Pool]:
    """Connections to a fresh notify database."""
    with open_pool(database("notify"), name="test") as opened:
        yield opened


@pytest.fixture
def bench(pool: Pool) -> Bench:
    """Notify on the outbox provider."""
    return Bench(pool)
