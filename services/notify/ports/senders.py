"""Ports: who takes texts and e-mail. Adapters implement them, handlers use them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.domain.messages import VISITS
from services.notify.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Text:
    """A text message on its way; after `until` it is not to arrive any more.

    `sender` is which of the provider's numbers writes, empty where there is no choice.
    """

    id: str
    to: str
    body: str
    sender: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail on its way; `html` is empty where it has none.

    `purpose` is what its reader may want no more of, from this `city`.
    """

    id: str
    to: str
    sender_name: str
    subject: str
    body: str
    html: str
    purpose: str = VISITS
    city: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A message of which nobody recorded whether the provider has it; `since` it might."""

    id: str
    to: str
    body: str
    since: datetime


class SmsSender(Protocol):
    """Takes text messages. One answer for each, in order; raises only when it is broken."""

    @property
    def name(self) -> str:
        """The provider's name, kept with every message."""
        ...

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        """Hand the texts over; the same id again is the same text."""
        ...

    def known(self, sought: Sequence[Sought], /) -> Mapping[str, Outcome] | None:
        """Whether it has them; what is missing is to be asked again. None: it cannot be asked."""
        ...


class EmailSender(Protocol):
    """Takes e-mail. One answer for each, in order; raises only when it is broken."""

    @property
    def name(self) -> str:
        """The provider's name, kept with every message."""
        ...

    def send_letters(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        """Hand the letters over; the same id again is the same letter."""
        ...

    def known(self, sought: Sequence[Sought], /) -> Mapping[str, Outcome] | None:
        """Whether it has them; what is missing is to be asked again. None: it cannot be asked."""
        ...


class Sandbox(SmsSender, EmailSender, Protocol):
    """Takes both, and keeps them to itself."""


@dataclass(frozen=True, slots=True)
class Senders:
    """The providers of each channel, first choice first; `outbox` takes what is kept back."""

    sms: SmsSender
    email: EmailSender
    more_sms: tuple[SmsSender, ...] = ()
    more_email: tuple[EmailSender, ...] = ()
    outbox: Sandbox | None = None

    def names(self) -> Mapping[str, str]:
        """Channel -> the name of the provider of first choice."""
        return {"sms": self.sms.name, "email": self.email.name}

    def of_sms(self) -> Mapping[str, SmsSender]:
        """Name -> provider of texts, in order, and last the outbox."""
        return {s.name: s for s in (self.sms, *self.more_sms, *self._outbox())}

    def of_email(self) -> Mapping[str, EmailSender]:
        """Name -> provider of e-mail, in order, and last the outbox."""
        return {s.name: s for s in (self.email, *self.more_email, *self._outbox())}

    def choices(self, channel: str) -> Sequence[str]:
        """The names of the providers that the channel's messages may be given to, in order."""
        if channel == "sms":
            return [s.name for s in (self.sms, *self.more_sms)]
        return [s.name for s in (self.email, *self.more_email)]

    def _outbox(self) -> tuple["Sandbox", ...]:
        return (self.outbox,) if self.outbox else ()
