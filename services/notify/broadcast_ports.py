"""What carrying broadcasts on needs of the world. Handlers depend on it, adapters fulfil it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.domain.broadcasts import Broadcast, Person
from services.notify.domain.messages import Draft
from services.notify.domain.values import City


class Printing(Protocol):
    """Makes of plain words what goes out."""

    def segments(self, body: str) -> int:
        """How many segments a text message costs."""
        ...

    def letter(self, programme: str, language: str, body: str) -> str:
        """The HTML part of a letter."""
        ...


@dataclass(frozen=True, slots=True)
class Passed:
    """That a host gets no broadcast after all, and why."""

    party_id: str
    reason: str


class BroadcastBook(Protocol):
    """Broadcasts under way, within one transaction."""

    def under_way(self) -> Sequence[tuple[City, Broadcast]]:
        """Those that are sent, paused or stopped and not yet finished, locked."""
        ...

    def waiting(self, broadcast_id: str) -> int:
        """How many of its messages are written and not yet handed over."""
        ...

    def take(self, broadcast: Broadcast, most: int) -> Sequence[Person]:
        """Hosts for whom nothing is written yet."""
        ...

    def write(
        self, broadcast_id: str, drafts: Sequence[Draft], passed: Sequence[Passed], now: datetime
    ) -> None:
        """Keep the messages, and who gets none."""
        ...

    def end(self, broadcast_id: str, state: str, reason: str, now: datetime) -> None:
        """Give up everybody who still waits: they become `state`."""
        ...

    def finish(self, broadcast_id: str, now: datetime) -> None:
        """Note that nothing remains to be done."""
        ...
