"""Opens, finds and ends the sessions of browsers. The rest of the desk, pages and main use it."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta

from services.dispatch.adapters.factors import fingerprint, new_secret
from services.dispatch.adapters.postgres_sessions import Session, Sessions
from services.dispatch.adapters.postgres_staff import Staff
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.grants import Grants
from shared.ids import new_id

HALF_WAY = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
REMEMBERED = 2.0
CODE, FULL = "code", "full"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a request comes from."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened: its secret goes into the cookie and is kept nowhere else."""

    secret: str
    session: Session


@dataclass(frozen=True, slots=True)
class Known:
    """A session with what its person may do."""

    session: Session
    grants: Grants


class SessionBook:
    """All sessions. A found one is remembered for two seconds; ending one here forgets all."""

    def __init__(self, pool: Pool, clock: Clock, *, idle: timedelta, longest: timedelta) -> None:
        self._pool = pool
        self._clock = clock
        self._idle = idle
        self._longest = longest
        self._remembered: dict[str, tuple[float, Known]] = {}

    def open(self, conn: Connection, staff_id: str, stage: str, way: str, where: Where) -> Opened:
        """A new session, with a secret that no browser had before."""
        now = self._clock.now()
        ends = now + (self._longest if stage == FULL else HALF_WAY)
        session = Session(
            new_id(), staff_id, "", stage, way, where.address, where.agent, now, now, ends
        )
        secret = new_secret()
        Sessions(conn).add(session, fingerprint(secret))
        return Opened(secret, session)

    def exchange(self, conn: Connection, session: Session, where: Where) -> Opened:
        """The same person's new session in place of this one, after his rights changed."""
        Sessions(conn).end(session.staff_id, session.id)
        self.forget()
        return self.open(conn, session.staff_id, FULL, session.way, where)

    def find(self, secret: str) -> Known | None:
        """The session of this secret, if it is good."""
        if not secret:
            return None
        hashed = fingerprint(secret)
        kept = self._remembered.get(hashed)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        found = self._read(hashed)
        if found:
            if len(self._remembered) > 10_000:
                self.forget()
            self._remembered[hashed] = (time.monotonic() + REMEMBERED, found)
        return found

    def forget(self) -> None:
        """Look everything up anew: somebody's session or roles have changed."""
        self._remembered = {}

    def of(self, staff_id: str) -> list[Session]:
        """The person's sessions."""
        with self._pool.connection() as conn:
            return Sessions(conn).of(staff_id, self._clock.now(), self._idle)

    def end(self, conn: Connection, staff_id: str, id_: str) -> bool:
        """End one of the person's sessions."""
        self.forget()
        return Sessions(conn).end(staff_id, id_)

    def end_all(self, conn: Connection, staff_id: str, but: str = "") -> int:
        """End all of the person's sessions but one."""
        self.forget()
        return Sessions(conn).end_all(staff_id, but)

    def _read(self, hashed: str) -> Known | None:
        now = self._clock.now()
        with self._pool.connection() as conn:
            session = Sessions(conn).find(hashed, now, self._idle)
            if session is None:
                return None
            if now - session.seen_at >= SEEN_EVERY:
                Sessions(conn).seen(session.id, now)
                session = replace(session, seen_at=now)
            return Known(session, Staff(conn).grants(session.staff_id))
