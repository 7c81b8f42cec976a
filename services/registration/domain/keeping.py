"""What a city shows to everybody and how long it keeps what. Everything here may use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Group = Literal["contacts", "addresses", "notes", "history"]
GROUPS: tuple[Group, ...] = ("contacts", "addresses", "notes", "history")
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class PublicRules:
    """The part [public] of a city's file; nothing is public without it."""

    page: bool = False
    open_data: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """The part [retention]: days after a party's evening; None keeps a group for ever."""

    contacts: int | None = None
    addresses: int | None = None
    notes: int | None = None
    history: int | None = None

    def days(self) -> Iterator[tuple[Group, int]]:
        """The groups that are removed one day, with the days."""
        for group in GROUPS:
            days: int | None = getattr(self, group)
            if days is not None:
                yield group, days
