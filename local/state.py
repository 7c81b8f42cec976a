"""What runs now, for the verbs that look for it: `state.json`, private to its owner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from local.keys import write_private


@dataclass(frozen=True)
class State:
    """`environment` holds what a service's command line needs, passwords included."""

    pid: int
    port: int
    urls: Mapping[str, str]
    servers: Mapping[str, int]
    pids: Mapping[str, int]
    secrets: str
    environment: Mapping[str, str]


def write(path: Path, state: State) -> None:
    write_private(path, json.dumps(asdict(state), indent=2))


def read(path: Path) -> State | None:
    """None when there is none, or when it cannot be understood."""
    try:
        return State(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
