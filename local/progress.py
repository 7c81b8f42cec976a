"""What is being done right now, shown while somebody waits; for the stack."""

from __future__ import annotations

import sys
import time
from typing import IO

REPEAT_AFTER = 10.0


class Progress:
    """On a terminal one line that changes; elsewhere a line for each new thing, repeated slowly."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._began = time.monotonic()
        self._shown = ""
        self._shown_at = 0.0

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if self._live:
            self._write(f"\r\033[K{text} … {now - self._began:.0f} s")
        elif text != self._shown or now - self._shown_at > REPEAT_AFTER:
            self._write(f"{text} …\n")
            self._shown_at = now
        self._shown = text

    def done(self) -> None:
        if self._live:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._live = False


def silent(text: str) -> None:
    """For tests and for callers who show their own progress."""
