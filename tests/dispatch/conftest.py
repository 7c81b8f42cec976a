"""Fixtures of dispatch's tests: its database, ports over a transaction, planning on real parts."""

from collections.abc import Callable, Iterator

import pytest

from services.dispatch.planning import Planning
from services.dispatch.worker import fact_handlers, make_planning
from shared.clock import SystemClock
from shared.db import Pool, connect, open_pool
from shared.inbox import Inbox


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    """A fresh dispatch database."""
    return database("dispatch")


@pytest.fixture
def pool(url: str) -> Iterator[Pool]:
    """Connections to it."""
    opened = open_pool(url, name="test")
    yield opened
    opened.close()


@pytest.fixture
def planning(url: str, pool: Pool) -> Planning:
    """Planning on PostgreSQL."""
    return make_planning(pool, SystemClock(), lambda: connect(url, "test-lock"))


@pytest.fixture
def hinted() -> list[str]:
    """The cities that the worker asked to be planned."""
    return []


@pytest.fixture
def inbox(pool: Pool, hinted: list[str]) -> Inbox:
    """The inbox with dispatch's handlers."""
    return Inbox(pool, SystemClock(), fact_handlers(hinted.append))
