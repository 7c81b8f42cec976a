"""The event reader: one thread inside a service's worker that reads every stream it hears.

At least once from Redis, at most once into the database (`shared.inbox`), through every fault.
"""

import re
import threading
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from shared.db import Pool
from shared.gaps import skip
from shared.inbox import Delivery, Inbox
from shared.keeper import Keeper
from shared.logs import log
from shared.redis import RedisError, ResponseError, open_redis
from shared.routes import group_of, publishers_heard_by, stream_of

BATCH = 100
BLOCK_MS = 500
IDLE_BEFORE_RECLAIM_MS = 5_000
ROUND_SECONDS = 1.0
_SPAN = re.compile(rb"[0-9]{1,18}-[0-9]{1,18}")

Entries = Sequence[tuple[bytes, dict[bytes, bytes] | None]]


class EventReader:
    """Reads as `consumer`, a name that stays the same when this process is started again."""

    def __init__(
        self, service: str, consumer: str, redis_url: str, pool: Pool, inbox: Inbox
    ) -> None:
        self._group = group_of(service)
        self._consumer = consumer
        self._redis = open_redis(redis_url)
        self._pool = pool
        self._inbox = inbox
        self._publishers = {stream_of(p): p for p in publishers_heard_by(service)}
        self._last_entry = dict.fromkeys(self._publishers.values(), 0.0)
        self._last_read = 0.0
        self.stop = threading.Event()
        self._keeper = Keeper(
            pool, open_redis(redis_url), self._last_entry, lambda: self._last_read, self.stop
        )

    def run(self) -> None:
        """Read until stopped; faults of either server are waited out."""
        self._keeper.start()
        patience = 0.1
        while not self.stop.is_set():
            try:
                self._read()
                patience = 0.1
            except (RedisError, psycopg.OperationalError, PoolTimeout) as fault:
                log().warning("reader waits", fault=str(fault).strip(), seconds=patience)
                self.stop.wait(patience)
                patience = min(patience * 2, 1.0)
            except Exception as fault:
                log().error("the reader stumbled and goes on", exc_info=fault)
                self.stop.wait(1.0)

    def _read(self) -> None:
        self._ensure_groups()
        self._take_up_own()
        next_round = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= next_round:
                self._reclaim()
                next_round = time.monotonic() + ROUND_SECONDS
            self._last_read = time.monotonic()
            for stream, entries in self._newest():
                self._last_entry[self._publishers[stream]] = time.monotonic()
                self._deliver(stream, entries)

    def _newest(self) -> list[tuple[str, Entries]]:
        streams: Any = dict.fromkeys(self._publishers, ">")
        found = self._redis.xreadgroup(
            self._group, self._consumer, streams, count=BATCH, block=BLOCK_MS
        )
        return [(bytes(stream).decode(), entries) for stream, entries in found or ()]

    def _ensure_groups(self) -> None:
        for stream in self._publishers:
            try:
                self._redis.xgroup_create(stream, self._group, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    def _take_up_own(self) -> None:
        """Settle what an earlier life of this consumer had been given and not acknowledged."""
        for stream in self._publishers:
            after = "0"
            while not self.stop.is_set():
                found = self._redis.xreadgroup(
                    self._group, self._consumer, {stream: after}, count=BATCH
                )
                entries = found[0][1] if found else []
                if not entries:
                    break
                self._deliver_alone(stream, entries)
                after = entries[-1][0]

    def _reclaim(self) -> None:
        """Take over what failed here before, or what another consumer left behind."""
        for stream in self._publishers:
            _, entries, *_ = self._redis.xautoclaim(
                stream, self._group, self._consumer, IDLE_BEFORE_RECLAIM_MS, count=BATCH
            )
            self._deliver_alone(stream, entries)

    def _deliver(self, stream: str, entries: Entries) -> None:
        deliveries = self._unpack(stream, entries)
        try:
            if deliveries:
                self._inbox.apply(deliveries)
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except Exception as error:
            log().warning("a batch failed; trying each alone", error=repr(error))
            self._deliver_alone(stream, entries)
            return
        self._acknowledge(stream, [entry for entry, _ in entries])

    def _deliver_alone(self, stream: str, entries: Entries) -> None:
        settled = [entry for entry, fields in entries if self._settle(stream, entry, fields)]
        self._acknowledge(stream, settled)

    def _settle(self, stream: str, entry: bytes, fields: dict[bytes, bytes] | None) -> bool:
        deliveries = self._unpack(stream, [(entry, fields)])
        return all(self._inbox.apply_alone(d) for d in deliveries)

    def _unpack(self, stream: str, entries: Entries) -> list[Delivery]:
        """Deliveries of what is there to deliver: trimmed entries are gone, and found as gaps."""
        publisher = self._publishers[stream]
        deliveries = []
        for entry, fields in entries:
            if not fields:
                continue
            if b"gone" in fields:
                self._skip(publisher, fields[b"gone"])
                continue
            number = fields.get(b"n", b"")
            deliveries.append(
                Delivery(
                    publisher,
                    bytes(entry).decode(),
                    int(number) if number.isdigit() and len(number) < 19 else None,
                    fields[b"e"] if b"e" in fields else repr(fields).encode(),
                )
            )
        return deliveries

    def _skip(self, publisher: str, span: bytes) -> None:
        if not _SPAN.fullmatch(span):
            log().error("a span that nobody can read was passed over", publisher=publisher)
            return
        first, _, last = span.decode().partition("-")
        log().error("facts are gone for good", publisher=publisher, first=first, last=last)
        with self._pool.connection() as conn:
            skip(conn, publisher, int(first), int(last))

    def _acknowledge(self, stream: str, entries: list[bytes]) -> None:
        if entries:
            self._redis.xack(stream, self._group, *entries)
