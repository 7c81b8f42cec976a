"""Passwords and the signing key, made once and kept private; for servers and services."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from local.problems import Problem
from local.settings import SERVICES


@dataclass(frozen=True)
class Keys:
    secret_key: str
    valkey: str
    postgres: str
    databases: dict[str, str]


def keep(path: Path) -> Keys:
    """Reads the file or makes it."""
    if not path.exists():
        write_private(path, json.dumps(asdict(_make()), indent=2))
    try:
        return Keys(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise Problem(
            f"{path} is damaged: put back your copy of it, "
            "or start with a new data folder by --data."
        ) from error


def write_private(path: Path, text: str) -> None:
    """Readable by the owner only, and never half written."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _make() -> Keys:
    return Keys(
        secret_key=secrets.token_urlsafe(48),
        valkey=secrets.token_hex(24),
        postgres=secrets.token_hex(24),
        databases={service: secrets.token_hex(24) for service in SERVICES},
    )
