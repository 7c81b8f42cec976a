"""Keeps what a host has typed and not sent, for that one browser. The pages go through it."""

from itsdangerous import BadSignature, TimestampSigner

from services.registration.adapters.postgres_drafts import (
    KEEP_HOURS,
    Values,
    draft_of,
    drop_draft,
    keep_draft,
)
from shared.clock import Clock
from shared.db import Pool
from shared.ids import new_id

_SALT = "porchlight-form-draft"


class DraftDesk:
    """Drafts by the signed ticket that the browser holds; a ticket serves for `KEEP_HOURS`."""

    def __init__(self, pool: Pool, clock: Clock, secret: str) -> None:
        self._pool = pool
        self._clock = clock
        self._signer = TimestampSigner(secret, salt=_SALT)

    def keep(self, ticket: str, city: str, values: Values) -> str:
        """Keep these values, in the ticket's draft if that is good; the ticket for it now."""
        draft_id = self._open(ticket) or new_id()
        with self._pool.connection() as conn:
            keep_draft(conn, draft_id, city, values, self._clock.now())
        return self._signer.sign(draft_id).decode()

    def find(self, ticket: str, city: str) -> Values | None:
        """What was kept for the ticket's browser."""
        draft_id = self._open(ticket)
        if not draft_id:
            return None
        with self._pool.connection() as conn:
            return draft_of(conn, draft_id, city)

    def drop(self, ticket: str) -> None:
        """Forget it."""
        draft_id = self._open(ticket)
        if draft_id:
            with self._pool.connection() as conn:
                drop_draft(conn, draft_id)

    def _open(self, ticket: str) -> str:
        try:
            return self._signer.unsign(ticket, max_age=KEEP_HOURS * 3600).decode() if ticket else ""
        except BadSignature:
            return ""
