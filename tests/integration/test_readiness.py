"""What a process says of itself while others wait for it, on the real database and Redis."""

from collections.abc import Callable, Iterator

import pytest

from shared.db import Pool, open_pool
from shared.heartbeats import announce, beat
from shared.web import make_app


@pytest.fixture
def pool(database: Callable[[str], str]) -> Iterator[Pool]:
    pool = open_pool(database("dispatch"), name="test-readiness")
    yield pool
    pool.close()


def _asked(pool: Pool, redis_url: str) -> tuple[int, str]:
    app = make_app(
        "tests.integration", secret="s" * 32, pool=pool, redis_url=redis_url, expects=("planner",)
    )
    answer = app.test_client().get("/readyz")
    return answer.status_code, (answer.get_json() or {}).get("detail", "")


def test_a_process_that_never_came_is_named(pool: Pool, redis_url: str) -> None:
    assert _asked(pool, redis_url) == (503, "planner has not shown itself")


def test_a_process_that_is_busy_starting_says_what_it_does(pool: Pool, redis_url: str) -> None:
    with pool.connection() as conn:
        announce(conn, "planner", "compiles its search")
    assert _asked(pool, redis_url) == (503, "planner compiles its search")


def test_a_process_that_works_is_ready_whatever_it_announced(pool: Pool, redis_url: str) -> None:
    with pool.connection() as conn:
        announce(conn, "planner", "compiles its search")
        beat(conn, "planner")
    assert _asked(pool, redis_url)[0] == 200
