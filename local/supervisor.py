"""Starts processes, restarts those that die, stops them in order; for the stack.

One thread of its own owns all children, because the kernel's parent-death signal belongs to
the thread that forked.
"""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from local.logs import LogBook
from local.problems import Problem
from local.process import (
    Child,
    Rank,
    Spec,
    end_orphans,
    how_it_ended,
    signal_group,
    signal_leader,
    spawn,
)
from local.watch import Watch

T = TypeVar("T")
TICK = 0.05
HASTENED_GRACE = 3.0
Say = Callable[[str], None]


class Supervisor:
    """Any thread may call the public methods."""

    def __init__(self, logs: LogBook, say: Say, keep_open: tuple[int, ...] = ()) -> None:
        self._logs = logs
        self._say = say
        self._keep_open = keep_open
        self._children: dict[str, Child] = {}
        self._requests: queue.Queue[Callable[[], None]] = queue.Queue()
        self._ended = threading.Event()
        self._hastened = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._watch: Watch | None = None
        self._thread.start()

    def add(self, spec: Spec) -> None:
        self._ask(lambda: self._start(spec))

    def pids(self) -> dict[str, int]:
        return self._ask(
            lambda: {name: c.popen.pid for name, c in self._children.items() if c.running}
        )

    def exit_code(self, name: str) -> int | None:
        return self._ask(lambda: self._children[name].popen.returncode)

    def restarts(self, name: str) -> int:
        return self._ask(lambda: self._children[name].restarts)

    def kill(self, name: str) -> None:
        """SIGKILL to the process and its children; it is restarted like any that dies."""
        self._ask(lambda: signal_group(self._children[name].popen.pid, signal.SIGKILL))

    def restart(self, name: str) -> None:
        """A clean stop; the restart follows as after a death."""
        self._ask(
            lambda: signal_leader(
                self._children[name].popen.pid, self._children[name].spec.stop_signal
            )
        )

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def hasten(self) -> None:
        self._hastened.set()

    def stop(self) -> None:
        """Stops everything in order of rank, then the supervisor itself."""
        if self._ended.is_set():
            return
        self._ask(self._forget_restarts)
        for rank in Rank:
            self._stop_rank(rank)
        self._ended.set()
        self._thread.join()

    def signal(self, name: str, number: int) -> None:
        """Any signal to the process and its children: SIGSTOP freezes it, SIGCONT thaws it."""
        self._ask(lambda: signal_group(self._children[name].popen.pid, number))

    def start_again(self, name: str) -> None:
        """Starts a process that `stop_one` stopped."""
        self._ask(lambda: self._start(self._children[name].spec))

    def stop_one(self, name: str) -> None:
        """Stops one process, until `start_again`."""
        self._ask(lambda: self._unwant(name))
        self._stop_these([name])

    def _stop_rank(self, rank: Rank) -> None:
        names = self._ask(lambda: [n for n, c in self._children.items() if c.spec.rank == rank])
        self._stop_these(names)

    def _stop_these(self, names: list[str]) -> None:
        specs = self._ask(lambda: [self._children[name].spec for name in names])
        self._ask(lambda: self._send_stop(names))
        began = time.monotonic()
        for spec in specs:
            if not self._wait_for_end(spec, began):
                self._say(f"{spec.name} did not stop in time and was killed.")
                self._ask(partial(self._kill_for_good, spec.name))

    def _wait_for_end(self, spec: Spec, began: float) -> bool:
        while self._ask(lambda: self._children[spec.name].running):
            grace = self._grace(spec)
            if time.monotonic() - began > grace:
                return False
            time.sleep(TICK / 2)
        return True

    def _grace(self, spec: Spec) -> float:
        if not self._hastened.is_set():
            return spec.grace
        return HASTENED_GRACE if spec.rank >= Rank.VALKEY else 0.0

    # --- below: the supervisor's own thread ---

    def _run(self) -> None:
        self._watch = Watch(self._keep_open)
        while not self._ended.is_set():
            self._serve()
            for child in list(self._children.values()):
                self._look_after(child)
            self._watch.look_after()
        self._watch.close()

    def _serve(self) -> None:
        try:
            request = self._requests.get(timeout=TICK)
        except queue.Empty:
            return
        request()

    def _ask(self, work: Callable[[], T]) -> T:
        future: Future[T] = Future()

        def answer() -> None:
            try:
                future.set_result(work())
            except Exception as error:  # handed to the caller's thread
                future.set_exception(error)

        if self._ended.is_set():
            raise Problem("Porchlight has already been stopped; start it again.")
        self._requests.put(answer)
        return future.result(timeout=30)

    def _start(self, spec: Spec) -> None:
        self._children[spec.name] = Child(spec, self._spawn(spec))

    def _spawn(self, spec: Spec) -> subprocess.Popen[bytes]:
        popen = spawn(spec)
        assert self._watch is not None
        assert popen.stdout is not None
        self._watch.add(popen.pid, spec.stop_signal)
        self._logs.follow(spec.name, popen.stdout)
        return popen

    def _look_after(self, child: Child) -> None:
        if child.start_at is not None:
            self._restart_when_due(child)
        elif child.running and child.popen.poll() is not None:
            self._bury(child)

    def _bury(self, child: Child) -> None:
        assert self._watch is not None
        signal_group(child.popen.pid, signal.SIGKILL)  # what it left behind
        if child.spec.leaves_orphans:
            end_orphans(child.spec.command[0], child.spec.folder)
        self._watch.remove(child.popen.pid)
        if child.spec.once or not child.wanted:
            return
        delay = child.next_delay()
        child.start_at = time.monotonic() + delay
        self._say(
            f"{child.spec.name} ended ({how_it_ended(child.popen.returncode)}); "
            f"starting it again in {delay:.1f} s."
        )

    def _restart_when_due(self, child: Child) -> None:
        if child.start_at is None or time.monotonic() < child.start_at:
            return
        try:
            child.popen = self._spawn(child.spec)
        except OSError as error:
            child.start_at = time.monotonic() + child.next_delay()
            self._say(f"{child.spec.name} could not be started: {error.strerror}.")
            return
        child.started, child.start_at = time.monotonic(), None
        child.restarts += 1

    def _unwant(self, name: str) -> None:
        self._children[name].wanted = False
        self._children[name].start_at = None

    def _forget_restarts(self) -> None:
        for name in self._children:
            self._unwant(name)

    def _send_stop(self, names: list[str]) -> None:
        for name in names:
            child = self._children[name]
            if child.running:
                signal_leader(child.popen.pid, child.spec.stop_signal)

    def _kill_for_good(self, name: str) -> None:
        signal_group(self._children[name].popen.pid, signal.SIGKILL)
