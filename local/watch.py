"""The supervisor's end of the watchman: keeps one alive and tells it whom to look after."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("watchman.py")


class Watch:
    """`keep_open` are descriptors (the folder's lock) that stay held until the watchman is done."""

    def __init__(self, keep_open: tuple[int, ...] = ()) -> None:
        self._keep_open = keep_open
        self._wards: dict[int, int] = {}
        self._process = self._start()

    def add(self, pid: int, stop_signal: int) -> None:
        self._wards[pid] = stop_signal
        self._tell(f"+{pid} {stop_signal}\n")

    def remove(self, pid: int) -> None:
        self._wards.pop(pid, None)
        self._tell(f"-{pid}\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    def look_after(self) -> None:
        if self._process.poll() is not None:
            self._renew()

    def close(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode())
        except BrokenPipeError:
            return  # look_after starts another, which hears everything again

    def _renew(self) -> None:
        self._process = self._start()
        for pid, number in self._wards.items():
            self._tell(f"+{pid} {number}\n")

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pass_fds=self._keep_open,
            start_new_session=True,
        )
