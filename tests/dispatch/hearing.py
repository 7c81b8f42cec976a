"""Hands facts to dispatch as its reader would, and reads what dispatch said in return."""

from collections.abc import Sequence
from typing import Any

from shared.contracts.envelope import Envelope, decode, encode
from shared.db import Pool
from shared.inbox import Delivery, Inbox


def hear(inbox: Inbox, *facts: Envelope) -> None:
    """Apply the facts in one batch."""
    inbox.apply([Delivery("registration", fact.id, None, encode(fact)) for fact in facts])


def said(pool: Pool, kind: type | None = None) -> Sequence[Envelope]:
    """What dispatch wrote to its outbox, in order."""
    with pool.connection() as conn:
        rows: Any = conn.execute("select body from outbox order by id").fetchall()
    envelopes = [decode(bytes(row[0])) for row in rows]
    return [e for e in envelopes if kind is None or isinstance(e.data, kind)]
