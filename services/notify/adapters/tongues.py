"""A language's words for visitors, from the file `words.toml` of its templates' folder."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILE = "words.toml"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's code, its word for "and", and its names of the usual kinds of visitor."""

    code: str
    conjunction: str = "and"
    kinds: Mapping[str, str] = field(default_factory=dict)


def read_tongue(folder: Path, code: str) -> Tongue:
    """The tongue of the language; without a file one that takes the city's own names."""
    path = folder / code / FILE
    if not path.is_file():
        return Tongue(code)
    found = tomllib.loads(path.read_text("utf-8"))
    return Tongue(code, str(found["and"]), {str(k): str(v) for k, v in found["kinds"].items()})
