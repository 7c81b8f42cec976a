"""One process to be kept running, and the one that runs now; used by the supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Literal

LAUNCH = Path(__file__).with_name("launch.py")
FIRST_DELAY = 0.2
LONGEST_DELAY = 5.0
STEADY_AFTER = 10.0
Mode = Literal["plain", "namespace", "nobody"]


class Rank(IntEnum):
    """Order of stopping."""

    TASK = 0
    WEB = 1
    WORKER = 2
    RELAY = 3
    VALKEY = 4
    POSTGRES = 5


@dataclass(frozen=True)
class Spec:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    rank: Rank
    folder: Path
    stop_signal: int = signal.SIGTERM
    grace: float = 12.0
    mode: Mode = "plain"
    once: bool = False
    leaves_orphans: bool = False

    def argv(self) -> list[str]:
        wrapper = [sys.executable, "-I", "-S", str(LAUNCH)]
        return [*wrapper, str(os.getpid()), str(int(self.stop_signal)), self.mode, *self.command]


@dataclass
class Child:
    """A running (or waiting to be restarted) process; only the supervisor's thread touches it."""

    spec: Spec
    popen: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    delay: float = FIRST_DELAY
    start_at: float | None = None
    wanted: bool = True
    restarts: int = 0

    @property
    def running(self) -> bool:
        return self.popen.returncode is None

    def next_delay(self) -> float:
        """Doubles while the process keeps dying; a steady one starts from the shortest again."""
        if time.monotonic() - self.started > STEADY_AFTER:
            self.delay = FIRST_DELAY
        delay, self.delay = self.delay, min(self.delay * 2, LONGEST_DELAY)
        return delay


def spawn(spec: Spec) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        spec.argv(),
        env=dict(spec.environment),
        cwd=spec.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def signal_leader(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def end_orphans(program: str, folder: Path) -> None:
    """Ends what a server that died has left at work in its folder, outside of its process group.

    PostgreSQL's children make groups of their own, and one in the middle of a long query does not
    notice that its parent is gone: until it does, no new server can start. Where there is no
    /proc, that is waited for.
    """
    wanted = os.path.realpath(program), os.path.realpath(folder)
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (os.readlink(place / "exe"), os.readlink(place / "cwd")) == wanted:
                os.kill(int(place.name), signal.SIGKILL)
        except OSError:
            continue  # it has ended meanwhile, or is somebody else's


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
