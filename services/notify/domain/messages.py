"""A message to a host, from its words to its fate. The whole service may import it."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.values import Span

STATES = ("created", "sending", "sent", "failed", "expired", "suppressed", "unsure")
NO_CHANNEL = "no channel"


@dataclass(frozen=True, slots=True)
class Wording:
    """The finished words of a message; `html` and `subject` are empty where there are none."""

    version: str
    language: str
    subject: str
    body: str
    html: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it is first written down; `dedupe` may exist once, ever."""

    id: str
    city: str
    party_id: str
    news: str
    revision: int
    span: Span | None
    template: str
    channel: str
    to: str
    wording: Wording
    lane: str
    state: str
    reason: str
    due_at: datetime
    expires_at: datetime
    correlation: str
    dedupe: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process alone is handing over now."""

    id: str
    city: str
    party_id: str
    template: str
    channel: str
    to: str
    sender_name: str
    subject: str
    body: str
    html: str
    provider: str
    attempts: int
    expires_at: datetime
    correlation: str


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims: a process's lasting name, and which of its lives this is."""

    instance: str
    boot: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What has become of a message's attempt, counted so that no other attempt is meant."""

    id: str
    attempts: int
    state: str
    reason: str
    due_at: datetime | None = None
