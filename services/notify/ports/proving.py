"""Port: numbers that have to answer, and their codes. Adapters implement it, handlers use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.notify.domain.codes import Code
from services.notify.domain.messages import Draft
from services.notify.domain.values import City, Party

ASKED: Final = "asked"
REFUSED: Final = "refused"
PROVEN: Final = "proven"
EXCUSED: Final = "excused"


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number in one city; `told` is what was last said of it, with this revision."""

    id: str
    city: str
    phone: str
    revision: int
    told: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """A host who agreed to texts at a number of which nothing was said yet in the city.

    `proven`: it has answered already, for another city or before anybody asked. `asked_before`: it
    was asked when there were no codes.
    """

    number: KnownNumber
    city: City
    party: Party
    proven: bool
    asked_before: bool
    code: Code | None


class Numbers(Protocol):
    """Numbers within one transaction. What is held or taken nobody else changes meanwhile."""

    def take_unasked(self, now: datetime, most: int) -> Sequence[Unproven]:
        """Numbers of which nothing was said yet, each once; from now on they are known."""
        ...

    def take_changed(self, most: int) -> Sequence[tuple[KnownNumber, str]]:
        """Numbers that were proven, excused or asked again since, with what they are now."""
        ...

    def hold(self, city: str, number_id: str) -> KnownNumber | None:
        """The number with this id in the city."""
        ...

    def told(self, number: KnownNumber) -> None:
        """Keep what was said of it."""
        ...

    def code(self, phone: str) -> Code | None:
        """The newest code of the number."""
        ...

    def keep_code(self, code: Code) -> None:
        """Keep it in place of an earlier one."""
        ...

    def drop_text(self, dedupe: str) -> None:
        """Hold the text back, if it has not gone out yet."""
        ...

    def is_proven(self, phone: str) -> bool:
        """Whether the number has answered."""
        ...

    def is_opted_out(self, phone: str) -> bool:
        """Whether nothing may be texted to the number."""
        ...

    def asks(self, city: str) -> bool:
        """Whether numbers have to answer in the city."""
        ...

    def prove(self, phone: str, now: datetime) -> None:
        """Note that its code was typed, and decide anew what waited."""
        ...

    def asker(self, number: KnownNumber, party_id: str) -> tuple[City, Party] | None:
        """The party, if it stands and its host agreed to texts at this number."""
        ...

    def write(self, draft: Draft, now: datetime) -> None:
        """Write the text down; it goes out as every message does."""
        ...
