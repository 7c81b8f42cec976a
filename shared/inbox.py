"""The inbox: applies what streams deliver, each fact's effects exactly once.

The event reader uses it; services hand it their fact handlers.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from shared import dead_letters
from shared.clock import Clock
from shared.contracts.envelope import Envelope, decode_header, open_data
from shared.contracts.registry import FACTS
from shared.db import Connection, Pool
from shared.failures import Permanent, Undecodable, UnknownType
from shared.logs import correlated, log
from shared.work import Work, begin

FactHandler = Callable[[Work, Sequence[Envelope]], None]
MOST_ATTEMPTS = 5
_LOST_BYTES = uuid.UUID("6f1d3a52-0d5c-4f0e-9a8e-0a4a1f9d7c11")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry as a stream delivered it; `number` is None where the entry carried none."""

    publisher: str
    entry: str
    number: int | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class _Opened:
    delivery: Delivery
    event_id: str
    header: Envelope | None
    envelope: Envelope | None
    error: Permanent | None


class Inbox:
    """Applies deliveries with `handlers` (fact type -> handler); other known facts it passes."""

    def __init__(self, pool: Pool, clock: Clock, handlers: Mapping[str, FactHandler]) -> None:
        self._pool = pool
        self._clock = clock
        self._handlers = handlers

    def apply(self, deliveries: Sequence[Delivery]) -> None:
        """Apply all in one transaction, or none; raises whatever a handler raises."""
        opened = [self._open(d) for d in deliveries]
        with begin(self._pool, self._clock) as work:
            fresh = _guard(work.conn, opened)
            for dead in (o for o in fresh if o.error):
                _bury(work.conn, dead.delivery, dead.header, str(dead.error), 1)
            self._handle(work, [o.envelope for o in fresh if o.envelope])

    def apply_alone(self, delivery: Delivery) -> bool:
        """Apply one, counting the attempt beforehand so that a crash counts too.

        Returns whether it is settled: applied, or dead after a permanent failure or too many
        attempts. Raises only when the database itself fails.
        """
        attempt = self._count(delivery)
        if attempt > MOST_ATTEMPTS:
            self._give_up(delivery, f"still failing after {MOST_ATTEMPTS} attempts", attempt - 1)
            return True
        try:
            self.apply([delivery])
        except psycopg.OperationalError:
            raise
        except Exception as error:
            return self._failed(delivery, error, attempt)
        self._forget(delivery)
        return True

    def replay(self, letter: dead_letters.DeadLetter) -> None:
        """Apply a dead letter now, past the guard; raises whatever its handler raises."""
        header = decode_header(letter.body)
        envelope = open_data(header, letter.body)
        with begin(self._pool, self._clock) as work:
            dead_letters.settle(work.conn, letter.id, "replayed")
            self._handle(work, [envelope])

    def _open(self, delivery: Delivery) -> _Opened:
        header = None
        try:
            header = decode_header(delivery.raw)
            uuid.UUID(header.id)
            heard = header.type in self._handlers or header.type not in FACTS
            envelope = open_data(header, delivery.raw) if heard else None
            return _Opened(delivery, header.id, header, envelope, None)
        except (Undecodable, UnknownType) as error:
            return _Opened(delivery, _stand_in(delivery), header, None, error)
        except ValueError:
            odd = Undecodable(delivery.raw, "the id is no UUID")
            return _Opened(delivery, _stand_in(delivery), header, None, odd)

    def _handle(self, work: Work, envelopes: Sequence[Envelope]) -> None:
        by_type: dict[str, list[Envelope]] = {}
        for envelope in envelopes:
            by_type.setdefault(envelope.type, []).append(envelope)
        for name, facts in by_type.items():
            with correlated(facts[0].correlation):
                self._handlers[name](work, facts)

    def _failed(self, delivery: Delivery, error: Exception, attempt: int) -> bool:
        log().warning("a fact failed", entry=delivery.entry, attempt=attempt, error=repr(error))
        hopeless = isinstance(error, (Permanent, psycopg.DataError))
        if hopeless or attempt >= MOST_ATTEMPTS:
            self._give_up(delivery, repr(error), attempt)
            return True
        return False

    def _count(self, delivery: Delivery) -> int:
        with self._pool.connection() as conn:
            row = conn.execute(
                "insert into delivery_attempts values (%s, %s, 1)"
                " on conflict (publisher, entry)"
                " do update set attempts = delivery_attempts.attempts + 1 returning attempts",
                (delivery.publisher, _key(delivery)),
            ).fetchone()
        return int(str(row[0])) if row else 1

    def _forget(self, delivery: Delivery) -> None:
        with self._pool.connection() as conn:
            _forget_attempts(conn, delivery)

    def _give_up(self, delivery: Delivery, error: str, attempts: int) -> None:
        opened = self._open(delivery)
        with self._pool.connection() as conn:
            if _guard(conn, [opened]):
                _bury(conn, delivery, opened.header, error, attempts)
            _forget_attempts(conn, delivery)


def _guard(conn: Connection, opened: Sequence[_Opened]) -> list[_Opened]:
    """Those that this service has not applied yet, each once, now recorded as applied."""
    by_id = {o.event_id: o for o in opened}
    rows = conn.execute(
        "insert into inbox (event_id, publisher, number)"
        " select * from unnest(%s::uuid[], %s::text[], %s::bigint[])"
        " on conflict do nothing returning event_id::text",
        (
            list(by_id),
            [o.delivery.publisher for o in by_id.values()],
            [o.delivery.number for o in by_id.values()],
        ),
    ).fetchall()
    return [by_id[str(row[0])] for row in rows]


def _stand_in(delivery: Delivery) -> str:
    """An id for bytes that have none, the same whenever the same bytes come."""
    seed = f"{delivery.publisher}/{delivery.number}/".encode() + delivery.raw
    return str(uuid.uuid5(_LOST_BYTES, seed.hex()))


def _key(delivery: Delivery) -> str:
    return str(delivery.number) if delivery.number is not None else delivery.entry


def _forget_attempts(conn: Connection, delivery: Delivery) -> None:
    conn.execute(
        "delete from delivery_attempts where publisher = %s and entry = %s",
        (delivery.publisher, _key(delivery)),
    )


def _bury(
    conn: Connection, delivery: Delivery, header: Envelope | None, error: str, attempts: int
) -> None:
    log().error("a fact died", entry=delivery.entry, error=error[:300])
    dead_letters.bury(
        conn,
        publisher=delivery.publisher,
        number=delivery.number,
        type_=header.type if header else "",
        body=delivery.raw,
        error=error,
        attempts=attempts,
    )
