"""When `up` is gone, ends every process group it had started. Standard library only.

Reads lines from standard input: `+PID SIGNAL` (look after it), `-PID` (it has ended);
end of file means that `up` died.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

PATIENCE = 5.0


def read_wards(lines: Iterable[str]) -> dict[int, int]:
    wards: dict[int, int] = {}
    for line in lines:
        if line.startswith("+"):
            pid, number = line[1:].split()
            wards[int(pid)] = int(number)
        elif line.startswith("-"):
            wards.pop(int(line[1:]), None)
    return wards


def is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def end(wards: dict[int, int]) -> None:
    for group, number in wards.items():
        send(group, number)
    deadline = time.monotonic() + PATIENCE
    while any(is_there(group) for group in wards) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in wards:
        send(group, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(read_wards(sys.stdin))


if __name__ == "__main__":
    main()
