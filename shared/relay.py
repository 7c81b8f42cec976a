"""The relay: carries a service's outbox to its Redis Stream, in order, at least once.

One at a time per service (advisory lock); the `relay` process of each service runs it.
"""

import re
import signal
import threading
import time

import psycopg

from shared import outbox
from shared.db import Connection, connect
from shared.heartbeats import beat
from shared.logs import log
from shared.redis import Redis, RedisError, ResponseError, open_redis
from shared.routes import group_of, highest_key, repair_key, stream_of, subscribers_of

BATCH = 500
LONGEST_STREAM = 100_000
HOUSEKEEPING_SECONDS = 1.0
_LOCK = 7001
_SPAN = re.compile(rb"\[([0-9]{1,18}), ?([0-9]{1,18})\]")


def run_relay(publisher: str, database_url: str, redis_url: str) -> None:
    """Carry `publisher`'s facts in this process until it is told to stop."""
    relay = Relay(publisher, database_url, redis_url)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: relay.stop.set())
    relay.run()


class Relay:
    """Carries `publisher`'s facts until `stop` is set, through every fault of either server."""

    def __init__(self, publisher: str, database_url: str, redis_url: str) -> None:
        self._publisher = publisher
        self._database_url = database_url
        self._redis = open_redis(redis_url)
        self._stream = stream_of(publisher)
        self._groups = [group_of(s) for s in subscribers_of(publisher)]
        self._highest = 0
        self.stop = threading.Event()

    def run(self) -> None:
        """Carry until stopped; a fault is logged once and tried again with growing patience."""
        patience = 0.1
        while not self.stop.is_set():
            try:
                with connect(self._database_url, f"{self._publisher}-relay") as conn:
                    self._carry(conn)
            except (psycopg.OperationalError, RedisError) as fault:
                log().warning("relay waits", fault=str(fault).strip(), seconds=patience)
                self.stop.wait(patience)
                patience = min(patience * 2, 1.0)
            else:
                patience = 0.1

    def _carry(self, conn: Connection) -> None:
        if not self._alone(conn):
            return
        conn.execute("listen outbox")
        self._highest = outbox.highest_numbered(conn)
        next_housekeeping = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= next_housekeeping:
                self._keep_house(conn)
                next_housekeeping = time.monotonic() + HOUSEKEEPING_SECONDS
            if self.pump(conn) < BATCH:
                self._await_news(conn)

    def _alone(self, conn: Connection) -> bool:
        while not self.stop.is_set():
            row = conn.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
            if row and row[0]:
                return True
            beat(conn, "relay-standby")
            self.stop.wait(0.5)
        return False

    def _await_news(self, conn: Connection) -> None:
        for _ in conn.notifies(timeout=HOUSEKEEPING_SECONDS, stop_after=1):
            pass

    def pump(self, conn: Connection) -> int:
        """Send one batch of what is unsent; returns how many facts it held."""
        facts = outbox.number_unsent(conn, BATCH, self._highest)
        if facts:
            self._highest = max(self._highest, facts[-1].number)
            self._add(facts)
            outbox.mark_sent(conn, [fact.number for fact in facts])
        return len(facts)

    def _add(self, facts: list[outbox.Numbered], *, announce: bool = True) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            for fact in facts:
                pipe.xadd(self._stream, {"n": str(fact.number), "e": fact.body})
            if announce:
                pipe.set(highest_key(self._publisher), facts[-1].number)
            pipe.execute()

    def _keep_house(self, conn: Connection) -> None:
        self._redis.set(highest_key(self._publisher), outbox.highest_sent(conn))
        self._repair(conn)
        self._trim()
        while self._redis.xlen(self._stream) > LONGEST_STREAM and not self.stop.wait(0.2):
            beat(conn, "relay", "paused: the stream is full")
            self._trim()
        beat(conn, "relay")

    def _repair(self, conn: Connection) -> None:
        """Add again what subscribers miss; their inboxes drop what they had after all."""
        for request in self._redis.lpop(repair_key(self._publisher), 20) or ():
            first, last = _span(request)
            last = min(last, outbox.highest_sent(conn))
            log().warning("sending facts again", first=first, last=last)
            for start in range(first, last + 1, BATCH):
                self._send_again(conn, start, min(last, start + BATCH - 1))

    def _send_again(self, conn: Connection, first: int, last: int) -> None:
        facts = outbox.numbered_between(conn, first, last)
        kept_from = facts[0].number if facts else last + 1
        if kept_from > first:
            self._redis.xadd(self._stream, {"gone": f"{first}-{kept_from - 1}"})
        if facts:
            self._add(facts, announce=False)

    def _trim(self) -> None:
        """Drop from the stream what every subscribing group has acknowledged."""
        try:
            least = acknowledged_by_all(self._redis, self._stream, self._groups)
        except ResponseError:
            return
        if least:
            self._redis.xtrim(self._stream, minid=least, approximate=False)


def _span(request: bytes) -> tuple[int, int]:
    """What a subscriber asked for; nothing at all where it cannot be read."""
    found = _SPAN.fullmatch(request)
    return (int(found[1]), int(found[2])) if found else (1, 0)


def acknowledged_by_all(redis: Redis, stream: str, groups: list[str]) -> bytes | None:
    """The first entry id that some group may still need; None while a group is missing."""
    found = {bytes(g["name"]).decode(): g for g in redis.xinfo_groups(stream)}
    if any(group not in found for group in groups):
        return None
    return min((_needed_from(redis, stream, found[group]) for group in groups), key=_place)


def _needed_from(redis: Redis, stream: str, group: dict[str, bytes | int]) -> bytes:
    if group["pending"]:
        pending = redis.xpending(stream, group["name"])
        if pending["min"]:
            return bytes(pending["min"])
    return bytes(group["last-delivered-id"])


def _place(entry: bytes) -> tuple[int, int]:
    milliseconds, _, sequence = entry.partition(b"-")
    return int(milliseconds), int(sequence or 0)
