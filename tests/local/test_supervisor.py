"""The supervisor on tiny commands: restarts, order of stopping, killing, logs."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.logs import LogBook
from local.process import Child, Rank, Spec, spawn
from local.supervisor import Supervisor
from tests.local.conftest import lives
from tests.waiting import eventually

WAITING = "import signal, time\nprint('here', flush=True)\ntime.sleep(600)"
STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('here', flush=True)\ntime.sleep(600)"
)
NOTING = (
    "import signal, sys, time\n"
    "def end(*_):\n    open({notes!r}, 'a').write({name!r} + '\\n'); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end)\nprint('here', flush=True)\ntime.sleep(600)"
)


class Bench:
    """A supervisor and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.logs = LogBook(folder / "logs")
        self.supervisor = Supervisor(self.logs, self.said.append)

    def add(self, name: str, code: str, rank: Rank = Rank.WEB, **more: object) -> None:
        command = (sys.executable, "-S", "-c", code)
        spec = Spec(name, command, os.environ, rank, self.folder, **more)  # type: ignore[arg-type]  # a stand-in
        self.supervisor.add(spec)

    def wait_for_line(self, name: str, line: str = "here") -> None:
        eventually(lambda: line in self.logs.last_lines(name, 20))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.supervisor.hasten()
    bench.supervisor.stop()


def test_a_process_that_is_killed_starts_again_under_a_new_number(bench: Bench) -> None:
    bench.add("worker", WAITING)
    before = bench.supervisor.pids()["worker"]
    bench.supervisor.kill("worker")
    after = eventually(
        lambda: bench.supervisor.pids().get("worker"), lambda pid: pid not in (None, before)
    )
    assert after != before
    assert bench.said == ["worker ended (SIGKILL); starting it again in 0.2 s."]


def test_a_process_that_keeps_dying_is_started_ever_more_slowly(bench: Bench) -> None:
    bench.add("worker", "raise SystemExit(3)")
    eventually(lambda: len(bench.said) >= 3)
    assert [line.split()[-2] for line in bench.said[:3]] == ["0.2", "0.4", "0.8"]
    assert "exit code 3" in bench.said[0]


def test_the_delay_grows_to_five_seconds_and_no_further(tmp_path: Path) -> None:
    spec = Spec("x", ("true",), os.environ, Rank.WEB, tmp_path)
    with spawn(spec) as popen:
        child = Child(spec, popen)
        delays = [child.next_delay() for _ in range(7)]
    assert delays == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_a_task_that_has_ended_is_left_alone(bench: Bench) -> None:
    bench.add("migrate", "raise SystemExit(4)", once=True)
    eventually(lambda: bench.supervisor.exit_code("migrate"), 4)
    assert bench.said == []
    assert bench.supervisor.restarts("migrate") == 0


def test_webs_stop_first_then_workers_then_relays(bench: Bench, tmp_path: Path) -> None:
    notes = tmp_path / "order"
    for name, rank in (("relay", Rank.RELAY), ("web", Rank.WEB), ("worker", Rank.WORKER)):
        bench.add(name, NOTING.format(notes=str(notes), name=name), rank)
        bench.wait_for_line(name)
    bench.supervisor.stop()
    assert notes.read_text().split() == ["web", "worker", "relay"]


def test_a_process_that_does_not_stop_is_killed_after_its_grace(bench: Bench) -> None:
    bench.add("worker", STUBBORN, grace=0.3)
    bench.wait_for_line("worker")
    pid = bench.supervisor.pids()["worker"]
    bench.supervisor.stop()
    assert not lives(pid)
    assert bench.said == ["worker did not stop in time and was killed."]


def test_hastening_does_not_wait_for_the_grace(bench: Bench) -> None:
    bench.add("worker", STUBBORN, grace=3600)
    bench.wait_for_line("worker")
    bench.supervisor.hasten()
    bench.supervisor.stop()
    assert "killed" in bench.said[0]


def test_what_a_process_wrote_is_kept_in_its_file_over_restarts(bench: Bench) -> None:
    bench.add("worker", WAITING)
    bench.wait_for_line("worker")
    bench.supervisor.kill("worker")
    log = bench.folder / "logs" / "worker.log"
    eventually(lambda: log.exists() and log.read_text().split(), ["here", "here"])


def test_a_watchman_that_dies_is_replaced(bench: Bench) -> None:
    bench.add("worker", WAITING)
    watch = bench.supervisor._watch
    assert watch is not None
    before = watch.pid
    os.kill(before, signal.SIGKILL)
    eventually(lambda: watch.pid != before)
