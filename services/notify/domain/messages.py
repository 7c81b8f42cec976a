"""A message, from its words to its fate. The whole service may import it."""

from dataclasses import dataclass
from datetime import date, datetime

from services.notify.domain.values import Span

STATES = (
    *("created", "sending", "sent", "delivered"),
    *("failed_permanent", "failed_temporary", "expired", "suppressed", "unsure"),
)
"""`failed_permanent`: refused for good; `failed_temporary`: tried until it was too late."""
NO_CHANNEL = "no channel"
IN_RESERVE = "in reserve"

HOST, TEAM, STAFF = ("host", "team", "staff")
AUDIENCES = (HOST, TEAM, STAFF)

VISITS, REMINDERS, BROADCASTS, REPLIES = ("visits", "reminders", "broadcasts", "replies")
PURPOSES = (VISITS, REMINDERS, BROADCASTS, REPLIES)
"""What somebody may opt out of. `replies` answer what was just written to us."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The finished words of a message; `html` and `subject` are empty where there are none.

    `segments` is what a text is paid in, 0 for an e-mail.
    """

    version: str
    language: str
    subject: str
    body: str
    html: str
    segments: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it is first written down; `dedupe` may exist once, ever.

    `party_id` is empty where it is about no party, `team_id` where it goes to no team; `contact`
    is the officer's id in a message to a team. With `reserve_of` it says the same by another
    channel and is held back (`suppressed`, `IN_RESERVE`) until that message has failed for good.
    `visit_team` and `visit_kinds` are who was said to come, `says_date` the evening that was meant.
    """

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
    audience: str = HOST
    purpose: str = VISITS
    team_id: str = ""
    contact: str = ""
    segments: int = 0
    broadcast_id: str = ""
    reserve_of: str = ""
    visit_team: str = ""
    visit_kinds: tuple[str, ...] = ()
    says_date: date | None = None


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
    audience: str = HOST
    purpose: str = VISITS
    segments: int = 0
    sender: str = ""
    claimed_at: datetime | None = None
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims: a process's lasting name, and which of its lives this is."""

    instance: str
    boot: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What has become of a message's attempt, counted so that no other attempt is meant.

    `provider_ref` is the provider's own id of the message, where it gave one.
    """

    id: str
    attempts: int
    state: str
    reason: str
    due_at: datetime | None = None
    provider_ref: str = ""
