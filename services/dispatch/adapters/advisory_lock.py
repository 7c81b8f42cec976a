"""The port `PlanningLock` by PostgreSQL session advisory locks, on a connection of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.db import Connection

PLANNING_LOCKS = 7078

_UNLOCK = "select pg_advisory_unlock(%s, hashtext(%s))"


class AdvisoryLock:
    """A lock that ends with its connection: a planner that dies leaves no lock behind."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect

    @contextmanager
    def hold(self, city: str) -> Iterator[bool]:
        """Whether the city's lock was free; if so it is held until the context ends."""
        with self._connect() as conn:
            row = conn.execute(
                "select pg_try_advisory_lock(%s, hashtext(%s))", (PLANNING_LOCKS, city)
            ).fetchone()
            free = bool(row and row[0])
            yield free
            if free:  # The server notices a closed connection only a moment later.
                conn.execute(_UNLOCK, (PLANNING_LOCKS, city))
