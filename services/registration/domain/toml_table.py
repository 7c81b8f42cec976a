"""A look into one table of a settings file that names the key in everything it complains about.

Only the reader of city files uses it.
"""

from collections.abc import Iterator, Mapping
from typing import Any


class CityFileWrong(ValueError):
    """A city's file cannot be used; the message is one sentence that names the key.

    `key` and `why` are its parts, for a page that shows them beside the field.
    """

    def __init__(self, sentence: str, key: str = "", why: str = "") -> None:
        super().__init__(sentence)
        self.key = key
        self.why = why or sentence


class Table:
    """One TOML table; `path` is its name in the file, for complaints."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def key(self, name: str) -> str:
        """The key's full name in the file."""
        return f"{self._path}.{name}" if self._path else name

    def wrong(self, name: str, why: str) -> CityFileWrong:
        """The complaint about one key, to be raised."""
        key = self.key(name)
        return CityFileWrong(f"The key {key} {why}.", key, why)

    def only(self, *names: str) -> None:
        """Refuse keys that nobody here knows, with the known ones named."""
        unknown = sorted(self._values.keys() - set(names))
        if unknown:
            raise self.wrong(unknown[0], f"is not known; known here are {', '.join(names)}")

    def has(self, name: str) -> bool:
        return name in self._values

    def value(self, name: str, *types: type) -> Any:
        """The key's value, which must be there and of one of the types."""
        if name not in self._values:
            raise self.wrong(name, "is missing")
        found = self._values[name]
        if not isinstance(found, types) or (isinstance(found, bool) and bool not in types):
            raise self.wrong(name, f"has a value of the wrong type: {str(found)[:60]!r}")
        return found

    def text(self, name: str, most: int = 200) -> str:
        """A text that is neither empty nor too long."""
        found: str = self.value(name, str).strip()
        if not found:
            raise self.wrong(name, "is empty")
        if len(found) > most or "\x00" in found:
            raise self.wrong(name, f"must be plain text of at most {most} characters")
        return found

    def number(self, name: str, least: float, most: float) -> float:
        """A number within bounds."""
        found = float(self.value(name, int, float))
        if not least <= found <= most:
            raise self.wrong(name, f"must be between {least:g} and {most:g}, not {found:g}")
        return found

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        self.value(name, int)
        return int(self.number(name, least, most))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, which may be empty."""
        found = self.value(name, list)
        if not all(isinstance(item, str) and item.strip() for item in found):
            raise self.wrong(name, "must be a list of texts")
        return tuple(item.strip() for item in found)

    def table(self, name: str) -> "Table":
        """A table inside this one."""
        return Table(self.value(name, dict), self.key(name))

    def tables(self, name: str) -> Iterator["Table"]:
        """The tables of a list, each knowing its place in it."""
        for number, item in enumerate(self.value(name, list), start=1):
            if not isinstance(item, dict):
                raise self.wrong(name, "must be a list of tables")
            yield Table(item, f"{self.key(name)}[{number}]")
