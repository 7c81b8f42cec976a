"""`./porchlight up`: in the foreground until Ctrl-C or a signal; for the command line."""

from __future__ import annotations

import signal
import sys
import threading
import time
from enum import Enum, auto
from pathlib import Path
from types import FrameType

from local import state, table
from local.logs import Terminal
from local.problems import Problem
from local.progress import Progress
from local.stack import Stack

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME_SIGNAL = 0.5


class Phase(Enum):
    STARTING = auto()
    RUNNING = auto()
    STOPPING = auto()


class Foreground:
    """What a signal means depends on the phase: give up, stop, or hurry."""

    def __init__(self, data: Path, port: int, empty: bool, quiet: bool) -> None:
        self._terminal = Terminal(quiet)
        self._progress = Progress()
        self._phase = Phase.STARTING
        self._halted = threading.Event()
        self._signalled = 0.0
        self._nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        self._stack = Stack(data, port, empty, say=self._say, progress=self._progress)

    def run(self) -> int:
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        if self._nohup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            self._stack.start()
        except KeyboardInterrupt:
            self._say("Stopped before everything was ready.")
            return 130
        finally:
            self._progress.done()
        if self._phase is Phase.STARTING:
            self._phase = Phase.RUNNING
        self._show()
        self._wait()
        self._stop()
        return 0

    def _show(self) -> None:
        found = state.read(self._stack.place.state)
        if found is not None:
            lines = table.rows(found, self._stack.place.path, self._stack.settings.host)
            table.show("Porchlight is on. Ctrl-C stops it.", lines)
            if self._stack.first_link:
                print("To become its administrator, open this link once:")
                print(f"  {self._stack.first_link}")
            sys.stdout.flush()
        self._stack.logs.show = self._terminal

    def _wait(self) -> None:
        while not self._halted.wait(1.0):
            if not self._stack.alive:
                raise Problem("The supervisor itself has failed; start Porchlight again.")
            self._stack.keep_state()

    def _stop(self) -> None:
        self._say("Stopping everything in order; Ctrl-C again hastens it.")
        self._stack.stop()
        self._say("Everything has stopped.")

    def _say(self, line: str) -> None:
        self._progress.done()
        try:
            print(f"porchlight: {line}", file=sys.stderr, flush=True)
        except (OSError, ValueError):
            return

    def _hasten_if_meant(self) -> None:
        """Some parents send one signal twice, to the process and to its group."""
        if time.monotonic() - self._signalled > SAME_SIGNAL:
            self._stack.hasten()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._phase is Phase.STOPPING:
            self._hasten_if_meant()
            return
        starting = self._phase is Phase.STARTING
        self._phase = Phase.STOPPING
        self._signalled = time.monotonic()
        self._halted.set()
        if starting:
            raise KeyboardInterrupt
