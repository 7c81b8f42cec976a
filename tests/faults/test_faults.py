"""Everything dies in the middle of 500 registrations; nothing is lost and nobody is told twice.

The services run as real processes under their supervisor. After each fault all must have caught
up by itself within `CATCH_UP` seconds.
"""

import signal
import threading
import time
from collections.abc import Callable

import pytest

from shared.redis import open_redis
from tests.night import Counts, Night
from tests.waiting import eventually

PARTIES = 500
CATCH_UP = 30.0
LONG = 10.0

Strike = Callable[[Night], None]


def killing(process: str) -> Strike:
    def strike(night: Night) -> None:
        night.stack.kill(process)

    return strike


def freeze_redis(night: Night) -> None:
    night.stack.supervisor.signal("valkey", signal.SIGSTOP)
    time.sleep(LONG)
    night.stack.supervisor.signal("valkey", signal.SIGCONT)


def refuse_redis(night: Night) -> None:
    night.stack.supervisor.stop_one("valkey")
    time.sleep(LONG)
    night.stack.supervisor.start_again("valkey")


def flush_redis(night: Night) -> None:
    open_redis(night.stack.servers.redis_url).flushall()


STRIKES: dict[str, tuple[Strike, int]] = {
    "the registration worker is killed": (killing("registration-worker"), 2),
    "the dispatch worker is killed": (killing("dispatch-worker"), 2),
    "the planner is killed": (killing("dispatch-planner"), 2),
    "the notify worker is killed": (killing("notify-worker"), 3),
    "the registration relay is killed": (killing("registration-relay"), 2),
    "the dispatch relay is killed": (killing("dispatch-relay"), 2),
    "redis is killed": (killing("valkey"), 2),
    "redis is frozen": (freeze_redis, 1),
    "redis refuses": (refuse_redis, 1),
    "redis is flushed empty": (flush_redis, 2),
}


def _register_all(night: Night, city: str, done: list[float]) -> None:
    for number in range(PARTIES):
        began = time.monotonic()
        night.register(city, number)
        done.append(time.monotonic() - began)


@pytest.mark.parametrize("fault", STRIKES)
def test_nothing_is_lost_or_told_twice_when(night: Night, fault: str) -> None:
    strike, times = STRIKES[fault]
    city = night.add_city(teams=20)
    done: list[float] = []
    hosts = threading.Thread(target=_register_all, args=(night, city, done))
    hosts.start()
    for number in range(1, times + 1):
        quota = PARTIES * number // (times + 1)
        eventually(lambda quota=quota: len(done) >= quota, seconds=60)  # type: ignore[misc]  # bound by its default
        strike(night)
    hosts.join(timeout=120)
    assert len(done) == PARTIES

    eventually(lambda: night.counts(city), Counts(*[PARTIES] * 6), seconds=CATCH_UP)
    eventually(lambda: night.unsettled(city), 0, seconds=CATCH_UP)
    assert night.doubled(city) == 0
    assert night.dead() == 0
