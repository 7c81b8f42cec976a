"""What the event benchmarks share: servers, databases, processes on one core, waiting, tables."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from benchmarks.probe import prepare
from local.servers import EmbeddedServers
from shared.contracts.envelope import Envelope, enclose
from shared.contracts.message import MessageSent
from shared.db import Connection, connect
from shared.ids import new_id
from shared.outbox import append
from shared.redis import Redis, open_redis


@dataclass
class Bed:
    """Two servers with a fresh publisher's and subscriber's database."""

    servers: EmbeddedServers
    publisher_url: str
    subscriber_url: str

    @property
    def redis(self) -> Redis:
        """A client of the Redis in use."""
        return open_redis(self.servers.redis_url)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a probe process."""
        return {
            **os.environ,
            "REDIS_URL": self.servers.redis_url,
            "PUBLISHER_URL": self.publisher_url,
            "SUBSCRIBER_URL": self.subscriber_url,
        }

    def start(self, role: str, **extra: str) -> subprocess.Popen[bytes]:
        """Start a probe process."""
        command = [sys.executable, "-m", "benchmarks.probe", role]
        log = sys.stderr if os.environ.get("BENCH_LOG") else subprocess.DEVNULL
        return subprocess.Popen(command, env={**self.env, **extra}, stdout=log, stderr=log)

    @contextmanager
    def running(self, *roles: str, **extra: str) -> Iterator[list[subprocess.Popen[bytes]]]:
        """Probe processes for as long as the block lasts."""
        processes = [self.start(role, **extra) for role in roles]
        try:
            yield processes
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                _await_end(process)

    def effects(self) -> tuple[int, int]:
        """How many rows of effects there are, and of how many different facts."""
        query = "select count(*), count(distinct event_id) from effects"
        try:
            with connect(self.subscriber_url, "bench") as conn:
                row = conn.execute(query).fetchone()
        except psycopg.OperationalError:
            return (0, 0)
        return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)


def _await_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def make_bed(servers: EmbeddedServers, name: str) -> Bed:
    """Fresh databases and an empty Redis."""
    open_redis(servers.redis_url).flushall()
    urls = [_fresh(servers.admin_url, f"{name}_{side}") for side in ("publisher", "subscriber")]
    return Bed(servers, *urls)


def _fresh(admin_url: str, name: str) -> str:
    with psycopg.connect(admin_url, autocommit=True) as conn:
        for order in ("drop database if exists {} with (force)", "create database {}"):
            conn.execute(sql.SQL(order).format(sql.Identifier(name)))
    url = admin_url.rpartition("/")[0] + "/" + name
    prepare(url)
    return url


def make_facts(number: int) -> list[Envelope]:
    """Facts as the publisher would say them, about 600 bytes each."""
    now = datetime.now(UTC)
    return [_fact(new_id(), now) for _ in range(number)]


def _fact(subject: str, now: datetime) -> Envelope:
    fact = MessageSent(subject, subject, "received", "email", "b…@example.org", now)
    return enclose(fact, city="pasadena", subject=subject, revision=1, correlation=subject, now=now)


def fill_outbox(url: str, facts: Sequence[Envelope]) -> None:
    """Write the facts in transactions of 500."""
    with connect(url, "bench") as conn:
        for start in range(0, len(facts), 500):
            with conn.transaction():
                append(conn, facts[start : start + 500])


def say_each(conn: Connection, facts: Sequence[Envelope], per_second: float) -> dict[str, float]:
    """One transaction a fact at the given pace; returns id -> moment of the commit."""
    committed = {}
    begin = time.monotonic()
    for place, fact in enumerate(facts):
        time.sleep(max(0.0, begin + place / per_second - time.monotonic()))
        with conn.transaction():
            append(conn, [fact])
        committed[fact.id] = time.time()
    return committed


def wait_until(done: Callable[[], bool], seconds: float = 120, pause: float = 0.02) -> float:
    """Seconds until `done`, or minus one if that does not come in time."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > seconds:
            return -1.0
        time.sleep(pause)
    return time.monotonic() - began


def now_on_one_core() -> None:
    """Bind this process, and all that it starts from now on, to one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@contextmanager
def one_core(number: int) -> Iterator[None]:
    """What is started within this block runs on that core (the last one, if there are fewer)."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(number, (os.cpu_count() or 1) - 1)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
