"""Real processes, killed -9 at each step of a request: every text arrives, and once."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

from shared.clock import SystemClock
from shared.db import open_pool
from tests.notify.bench import Bench
from tests.notify.facts import city_configured
from tests.notify.peers import twin
from tests.notify.test_storm import write
from tests.waiting import eventually

TEXTS = 24
DIES = {4: "lost", 9: "close", 14: "take"}
"""At which request it dies: before it is taken, before its answer, or while that is recorded."""


class Life:
    """The process that lives now."""

    def __init__(self, database: str, provider: str) -> None:
        self._command = [sys.executable, "-m", "tests.notify.handing_process", database, provider]
        self.begin()

    def begin(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def test_a_process_killed_at_each_step_of_a_request_sends_each_text_once(
    database: Callable[[str], str],
) -> None:
    url = database("notify")
    with ExitStack() as stack:
        told = stack.enter_context(twin())
        pool = stack.enter_context(open_pool(url, name="bench"))
        bench = Bench(pool)
        bench.hear(city_configured())
        bench.clock.move(seconds=(SystemClock().now() - bench.clock.now()).total_seconds())
        write(bench, "bulk", "text ", TEXTS)
        life = Life(url, told.url)
        stack.callback(life.end)
        deaths: list[threading.Thread] = []

        def die() -> None:
            life.end()
            life.begin()

        def script(_form: dict[str, str]) -> str:
            how = DIES.get(len(told.forms))
            if how == "take":
                # Its answer is under way when it dies.
                deaths.append(threading.Timer(0.003, die))
                deaths[-1].start()
            elif how:
                os.kill(life.process.pid, signal.SIGKILL)
                deaths.append(threading.Thread(target=die))
                deaths[-1].start()
            return how or "take"

        told.script = script
        eventually(lambda: sent(bench), TEXTS, seconds=90)
    assert len(deaths) == len(DIES)
    assert set(Counter(m["to"] for m in told.taken).values()) == {1}
    assert len(told.taken) == TEXTS


def sent(bench: Bench) -> int:
    with bench.pool.connection() as conn:
        row = conn.execute("select count(*) from messages where state = 'sent'").fetchone()
    return int(str(row[0])) if row else 0
