"""One registration as one SQL statement: party, history, outbox and answer, all or nothing.

The front desk uses it. A transaction of separate statements costs the web process five times as
much, and this is the one path that a whole city takes in the same evening.
"""

from datetime import datetime

from psycopg import RawCursor

from services.registration.adapters.party_document import written
from services.registration.adapters.postgres_answers import Key
from services.registration.domain.city import City
from services.registration.domain.party import Party
from services.registration.ports import ImportMark
from shared.contracts.envelope import Envelope, enclose, encode
from shared.db import Connection
from shared.logs import correlation as current_correlation

_PARTY = """
with entered as (
    insert into parties (id, city, code, revision, state, received_at, changed_at, document)
    values ($1, $2, $3, $4, $5, $6, $6, $7)
), remembered as (
    insert into party_history (party_id, revision, changed_by, changed_at, after)
    values ($1, $4, $8, $6, $7)
)"""
_ANSWER = """, answered as (
    insert into idempotency_keys (city, key, digest, body) values ($2, $12, $13, $14)
)"""
_OUTBOX = " insert into outbox (event_id, type, body) values ($9, $10, $11)"
WITHOUT_KEY = _PARTY + _OUTBOX
WITH_KEY = _PARTY + _ANSWER + _OUTBOX


class Entry:
    """Collects what one registration wants written, as `NewParties` and as `Publisher`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._party: tuple[object, ...] = ()
        self._fact: tuple[object, ...] = ()

    def add(self, party: Party, mark: ImportMark | None = None) -> None:  # noqa: ARG002  (hosts leave no mark)
        """Take the party."""
        self._party = (
            party.id,
            party.city,
            party.code,
            party.revision,
            party.state,
            party.changed_at,
            written(party).decode(),
            party.changed_by,
        )

    def wanting_visits(self, city: City) -> int:  # noqa: ARG002  (of the port)
        """Not known here: cities that have a cap are served in a transaction."""
        return 0

    def publish(
        self,
        fact: object,
        *,
        city: str,
        subject: str,
        revision: int,
        cause: Envelope | None = None,  # noqa: ARG002  (a registration has no cause)
        correlation: str | None = None,
    ) -> None:
        """Take the fact."""
        envelope = enclose(
            fact,
            city=city,
            subject=subject,
            revision=revision,
            correlation=correlation or current_correlation(),
            now=self.now,
        )
        self._fact = (envelope.id, envelope.type, encode(envelope))

    def write(self, conn: Connection, key: Key | None, answer: bytes) -> None:
        """Write all of it; `psycopg.errors.UniqueViolation` if the key has an answer already."""
        if not conn.autocommit:
            conn.autocommit = True
        kept = (key.text, key.digest, answer) if key else ()
        query = WITH_KEY if key else WITHOUT_KEY
        RawCursor(conn).execute(query, self._party + self._fact + kept, prepare=True)
