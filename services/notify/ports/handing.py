"""Ports: messages on their way to a provider. Adapters implement them, handlers use them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.domain.codes import CodeMaker
from services.notify.domain.health import Choice
from services.notify.domain.messages import Claimant, Claimed, Fate
from services.notify.domain.outcomes import Outcome
from services.notify.domain.pace import Pace
from services.notify.domain.receipts import Receipt
from services.notify.ports.senders import Senders
from shared.ports import Publisher


@dataclass(frozen=True, slots=True)
class Call:
    """A host whom no channel reached, and with what."""

    id: str
    city: str
    party_id: str
    message_id: str
    template: str
    reason: str


class Desk(Protocol):
    """Messages on their way, within one transaction."""

    def claim(
        self,
        lane: str,
        who: Claimant,
        providers: Mapping[str, str],
        now: datetime,
        most: int,
        paces: Sequence[Pace] = (),
    ) -> Sequence[Claimed]:
        """Due messages of the lane, now marked as being sent by `who`.

        Of a city on trial what goes to strangers is for the outbox. A provider with a pace gets
        no more than it takes, and bulk leaves it free for what is urgent.
        """
        ...

    def refuse_opted_out(self, lane: str, now: datetime) -> Sequence[Claimed]:
        """Hold back what is due in the lane for who opted out of it; returns that."""
        ...

    def refuse_unproven(self, lane: str, now: datetime) -> Sequence[Claimed]:
        """Hold back the due texts of the lane to hosts' unproven numbers; returns them."""
        ...

    def drop_overtaken(self, now: datetime) -> None:
        """Hold back what became due again after newer news had been written."""
        ...

    def expire(self, now: datetime, most: int) -> Sequence[Claimed]:
        """Messages that can no longer arrive in time, now expired."""
        ...

    def stranded(self, who: Claimant, since: datetime, most: int) -> Sequence[Claimed]:
        """Messages claimed before `since`, or by an earlier life of `who`, locked."""
        ...

    def unsure(self, askable: Sequence[str], now: datetime, most: int) -> Sequence[Claimed]:
        """Messages of which `askable` providers may know more, and were not asked lately."""
        ...

    def settle(self, fates: Sequence[Fate], now: datetime) -> frozenset[str]:
        """Record what became of messages being sent; returns the ids that were still open."""
        ...

    def waiting(self, now: datetime) -> Sequence[str]:
        """The lanes that have something due."""
        ...

    def release(self, failed: Collection[str], now: datetime) -> frozenset[str]:
        """Let those be sent that were in reserve for these; returns those that had one."""
        ...

    def release_all(self, now: datetime) -> int:
        """Let be sent whatever is in reserve for what failed for good or was opted out of."""
        ...

    def ask_for_calls(self, calls: Sequence[Call], now: datetime) -> None:
        """Put the hosts on the list of those to be called."""
        ...

    def opt_out(self, message: Claimed, words: str, now: datetime) -> None:
        """Note that whom it was for wants nothing more from this address, unless it is noted."""
        ...

    def receive(self, receipt: Receipt) -> tuple[Claimed, str, str] | None:
        """The message that the receipt is of, locked, with its state and the provider's name."""
        ...

    def mark(self, message: Claimed, receipt: Receipt, now: datetime) -> None:
        """Record what the receipt says."""
        ...


@dataclass(frozen=True, slots=True)
class Shift:
    """One transaction in which messages are handled."""

    desk: Desk
    publisher: Publisher
    now: datetime


class Watch(Protocol):
    """Notices which providers are well; used from many threads."""

    def choose(self, names: Sequence[str]) -> Choice:
        """Which of the providers takes the next messages."""
        ...

    def tell(self, provider: str, outcomes: Sequence[Outcome], seconds: float) -> None:
        """What it answered to one batch, in order, and how long that took."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that handing over needs."""

    open: Callable[[], AbstractContextManager[Shift]]
    senders: Senders
    claimant: Claimant
    watch: Watch
    codes: CodeMaker
    paces: tuple[Pace, ...] = ()
