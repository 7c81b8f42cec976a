"""Every process's output: kept in rotated files, remembered, shown; for the supervisor."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

Show = Callable[[str, str], None]
WARNING = re.compile(r"\b(warn|warning|error|critical|fatal|panic|traceback)\b", re.IGNORECASE)
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
FILE_SIZE = 5_000_000
FILES_KEPT = 3


def show_nothing(name: str, line: str) -> None:
    """Before the table is printed the terminal belongs to the progress lines."""


class Log:
    """One process's output; the file outlives restarts of the process."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.last: deque[str] = deque(maxlen=20)
        self._handler = RotatingFileHandler(
            path, maxBytes=FILE_SIZE, backupCount=FILES_KEPT, delay=True, errors="replace"
        )
        self._handler.handleError = self._keep_quiet  # type: ignore[method-assign]  # logging's own hook

    def write(self, line: str) -> None:
        self.last.append(line)
        self._handler.emit(logging.makeLogRecord({"msg": line}))

    @staticmethod
    def _keep_quiet(record: logging.LogRecord) -> None:
        """A full disk must not stop the night: the line still reaches the terminal."""


class LogBook:
    """All logs of one installation. `show` may be exchanged at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs: dict[str, Log] = {}
        self._readers: list[threading.Thread] = []
        self.show: Show = show_nothing

    def of(self, name: str) -> Log:
        if name not in self._logs:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._logs[name] = Log(name, self._folder / f"{name}.log")
        return self._logs[name]

    def last_lines(self, name: str, count: int = 8) -> list[str]:
        return list(self.of(name).last)[-count:]

    def follow(self, name: str, stream: IO[bytes]) -> threading.Thread:
        log = self.of(name)
        reader = threading.Thread(
            target=self._read, args=(log, stream), name=f"log-{name}", daemon=True
        )
        reader.start()
        return reader

    def _read(self, log: Log, stream: IO[bytes]) -> None:
        with stream:
            for raw in stream:
                line = raw.decode(errors="replace").rstrip()
                log.write(line)
                self.show(log.name, line)


class Terminal:
    """Prints lines after their process's name; with `quiet` only what looks like a warning."""

    def __init__(self, quiet: bool, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout
        self._quiet = quiet
        self._colour = self._stream.isatty()
        self._lock = threading.Lock()
        self._seen: list[str] = []

    def __call__(self, name: str, line: str) -> None:
        if not line or (self._quiet and not WARNING.search(line)):
            return
        with self._lock:
            self._print(f"{self._prefix(name)} {line}")

    def _prefix(self, name: str) -> str:
        if not self._colour:
            return f"{name:<20} |"
        if name not in self._seen:
            self._seen.append(name)
        colour = COLOURS[self._seen.index(name) % len(COLOURS)]
        return f"\033[{colour}m{name:<20} |\033[0m"

    def _print(self, text: str) -> None:
        try:
            print(text, file=self._stream, flush=True)
        except (OSError, ValueError):
            return  # nobody reads any more; the files still do
