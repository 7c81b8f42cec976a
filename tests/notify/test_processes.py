"""The worker as a real process, killed again and again: every host is told, and told once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.db import Pool, connect, open_pool
from shared.ids import new_id
from shared.relay import Relay
from shared.work import begin
from tests.notify.facts import city_configured, party_of, registered
from tests.waiting import eventually

PARTIES = 120
KILLS = 4


def start_worker(url: str, redis_url: str) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "NOTIFY_DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "test",
        "INSTANCE": "killed-1",
    }
    return subprocess.Popen([sys.executable, "-m", "services.notify", "worker"], env=environ)


@contextmanager
def registration(url: str, redis_url: str) -> Iterator[Pool]:
    """Something that publishes as registration does, and its relay."""
    relay = Relay("registration", url, redis_url)
    carrying = threading.Thread(target=relay.run, daemon=True)
    with open_pool(url, name="registration") as pool:
        carrying.start()
        try:
            yield pool
        finally:
            relay.stop.set()
            carrying.join(timeout=10)


def say(pool: Pool, envelopes: list[Envelope]) -> None:
    with begin(pool, SystemClock()) as work:
        for said in envelopes:
            work.publish(said.data, city=said.city, subject=said.subject, revision=said.revision)


def number(url: str, query: str) -> int:
    with connect(url, "test") as conn:
        row = conn.execute(query.encode()).fetchone()
    return int(str(row[0])) if row else 0


@pytest.fixture
def parties() -> list[Envelope]:
    return [registered(party_of(party_id=new_id())) for _ in range(PARTIES)]


def test_a_worker_killed_again_and_again_tells_every_host_once(
    database: Callable[[str], str], redis_url: str, parties: list[Envelope]
) -> None:
    url, says = database("notify"), database("notify")
    sent = "select count(*) from messages where state = 'sent'"
    with ExitStack() as stack:
        pool = stack.enter_context(registration(says, redis_url))
        say(pool, [city_configured()])
        for life in range(KILLS + 1):
            told = number(url, sent)
            worker = start_worker(url, redis_url)
            stack.callback(worker.kill)
            say(pool, parties[life :: KILLS + 1])
            if life < KILLS:
                eventually(partial(number, url, sent), told.__lt__, seconds=60)
                worker.send_signal(signal.SIGKILL)
                worker.wait()
        eventually(lambda: number(url, sent), PARTIES, seconds=60)
        worker.terminate()
        worker.wait(timeout=20)
    assert number(url, "select count(*) from sandbox") == PARTIES
    assert number(url, "select count(*) from outbox") == PARTIES
    assert number(url, "select count(*) from messages") == 2 * PARTIES
