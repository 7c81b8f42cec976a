"""One process of the whole installation works at a time. Imports and look-ups use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from shared.db import Pool

_LOCKS = {"imports": 7210, "look-ups": 7211}


@contextmanager
def alone(pool: Pool, work: Literal["imports", "look-ups"], *, wait: bool) -> Iterator[bool]:
    """Whether nobody else does this work; with `wait`, once nobody does."""
    lock = _LOCKS[work]
    with pool.connection() as conn:
        conn.autocommit = True
        if wait:
            conn.execute("select pg_advisory_lock(%s)", (lock,))
        row = conn.execute("select pg_try_advisory_lock(%s)", (lock,)).fetchone()
        try:
            yield bool(row and row[0])
        finally:
            conn.execute("select pg_advisory_unlock_all()")
            conn.autocommit = False
