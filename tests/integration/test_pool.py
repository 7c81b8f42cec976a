"""A pool of connections through faults of the server: no dead connection is handed out twice."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from shared.db import Pool, open_pool

IDLE = 5
ENDED = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = %s"


@pytest.fixture
def pool(publisher_url: str) -> Iterator[Pool]:
    pool = open_pool(publisher_url, name="test-idle")
    yield pool
    pool.close()


def test_one_request_finds_a_living_connection_after_all_idle_ones_were_ended(
    publisher_url: str, pool: Pool
) -> None:
    with ExitStack() as held:
        for _ in range(IDLE):
            held.enter_context(pool.connection())
    with psycopg.connect(publisher_url, autocommit=True) as conn:
        assert conn.execute(ENDED, ("test-idle",)).fetchall() == [(True,)] * IDLE
    with pool.connection() as found:
        assert found.execute("select 1").fetchone() == (1,)
