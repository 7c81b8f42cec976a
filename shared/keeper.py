"""The keeper: beside the event reader, looks for gaps and shows that the reader reads.

A thread of its own, so that its questions to the database never hold up a fact.
"""

import threading
import time
from collections.abc import Callable, Mapping

import psycopg
from psycopg_pool import PoolTimeout

from shared.db import Pool
from shared.gaps import GapWatch
from shared.heartbeats import beat
from shared.logs import log
from shared.redis import Redis, RedisError

ROUND_SECONDS = 1.0
IDLE_SECONDS = 1.0
READING_SECONDS = 5.0


class Keeper(threading.Thread):
    """Runs until `stop`; `last_entry` says per publisher when its stream last gave something."""

    def __init__(
        self,
        pool: Pool,
        redis: Redis,
        last_entry: Mapping[str, float],
        last_read: Callable[[], float],
        stop: threading.Event,
    ) -> None:
        super().__init__(name="keeper", daemon=True)
        self._pool = pool
        self._redis = redis
        self._last_entry = last_entry
        self._last_read = last_read
        self._stop_asked = stop
        self._gaps = {publisher: GapWatch(publisher) for publisher in last_entry}

    def run(self) -> None:
        while not self._stop_asked.wait(ROUND_SECONDS):
            try:
                if time.monotonic() - self._last_read() < READING_SECONDS:
                    self._round()
            except (RedisError, psycopg.OperationalError, PoolTimeout) as fault:
                log().warning("keeper waits", fault=str(fault).strip())

    def _round(self) -> None:
        with self._pool.connection() as conn:
            for publisher, watch in self._gaps.items():
                at_end = time.monotonic() - self._last_entry[publisher] > IDLE_SECONDS
                lost = watch.check(conn, self._redis, read_to_end=at_end)
                if lost:
                    log().warning(
                        "asked for facts again", publisher=publisher, first=lost[0], n=len(lost)
                    )
            beat(conn, "reader")
