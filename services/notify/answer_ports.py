"""What answering texts needs of the world. Handlers and desk depend on it, adapters fulfil it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.domain.inbound import Incoming, Sender, Verdict
from services.notify.domain.keywords import Understood
from services.notify.domain.messages import Draft, Wording
from services.notify.domain.values import City, Party, Span


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an answer of ours is about; `words` are those of somebody of staff, `code` is what its
    reader is to type.
    """

    city: City
    party: Party | None
    span: Span | None = None
    minutes: int = 0
    words: str = ""
    code: str = ""


class ReplyWords(Protocol):
    """Puts answers to texts into words."""

    def reply(self, template: str, language: str, spoken: Spoken) -> Wording:
        """The answer in the language, or in English where it is not had."""
        ...


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Somebody wants nothing more for a purpose, or wants it again, in whose words."""

    city: str
    channel: str
    address: str
    purpose: str
    opted_out: bool
    words: str
    source: str
    by_whom: str = ""


class Ledger(Protocol):
    """Who wants nothing more. Entries are added, and never changed."""

    def opt_out(self, entry: LedgerEntry, now: datetime) -> None:
        """Note it, unless it stands so already; what waits for the address in our answers goes."""
        ...

    def restore(self, entry: LedgerEntry, now: datetime) -> None:
        """Note that the address wants to be told again, for every purpose."""
        ...


class Letterbox(Protocol):
    """Takes in what was written to us, within one transaction."""

    def begin(self, text: Incoming) -> bool:
        """Wait for the turn of its sender; False where this very text was taken in before."""
        ...

    def sender(self, text: Incoming, now: datetime) -> Sender:
        """All that is known of who wrote it."""
        ...

    def keep(self, id_: str, text: Incoming, said: Understood, verdict: Verdict) -> None:
        """Store the text with what was made of it."""
        ...

    def confirm(self, city: str, party_id: str, answer: str, now: datetime, source: str) -> None:
        """Note the answer to the question whether the party is held."""
        ...

    def prove(self, text: Incoming, now: datetime) -> bool:
        """Note that the number of a text is its sender's; whether that is new."""
        ...

    def write(self, drafts: Sequence[Draft]) -> None:
        """Write our answers down; they go out as every message does."""
        ...

    def note_silence(self, verdict: Verdict, now: datetime) -> None:
        """Keep why there was no answer."""
        ...
