"""One complete example of every fact and version ever shipped; contract tests read them here."""

from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "golden"
NAMES = sorted(path.name.removesuffix(".json") for path in FOLDER.glob("*.json"))


def raw(fact: str) -> bytes:
    """The file's bytes."""
    return (FOLDER / f"{fact}.json").read_bytes()


def plain(fact: str) -> dict[str, Any]:
    """The file as plain values, to be changed at will."""
    found: dict[str, Any] = orjson.loads(raw(fact))
    return found
