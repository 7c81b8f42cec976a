"""Waits until every web process says that it is ready; for the stack and `status`."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PAUSE = 0.1
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    ready: bool
    reason: str = ""


def ask(port: int, host: str = "127.0.0.1", timeout: float = 3.0) -> Answer:
    """`/readyz` of one web process."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return Answer(response.status == 200, _reason(response))
    except (OSError, http.client.HTTPException):
        return Answer(False, "does not answer")
    finally:
        connection.close()


def _told(missing: Mapping[str, Answer]) -> str:
    """The names, with the reason of each that gave one."""
    silent = ("", "does not answer")
    return ", ".join(
        name if answer.reason in silent else f"{name} ({answer.reason})"
        for name, answer in missing.items()
    )


def _reason(response: http.client.HTTPResponse) -> str:
    body = response.read(10_000)
    if response.status == 200:
        return ""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"answers {response.status}"


def wait(
    ports: Mapping[str, int], deadline: float, progress: Progress, host: str = "127.0.0.1"
) -> dict[str, Answer]:
    """Those that are not ready at the deadline, with their reasons; empty when all are."""
    missing = dict.fromkeys(ports, Answer(False, "does not answer"))
    while missing:
        missing = {
            name: answer
            for name in missing
            if not (answer := ask(ports[name], host, max(0.1, deadline - time.monotonic()))).ready
        }
        if not missing or time.monotonic() > deadline:
            break
        progress(f"Waiting for {_told(missing)} to be ready")
        time.sleep(PAUSE)
    return missing
