"""Sessions and API tokens on PostgreSQL, their secrets as hashes only. The desk uses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from shared.db import Connection
from shared.grants import Grant, Grants


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, or half way there while `stage` is 'code'."""

    id: str
    staff_id: str
    name: str
    stage: str
    way: str
    address: str
    agent: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's access as it is listed."""

    id: str
    name: str
    city: str
    role: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def grants(self) -> Grants:
        """What it may do."""
        return frozenset({Grant(self.city, self.role)})

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.ends_at > now


class Sessions:
    """The sessions within one transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, session: Session, hashed: str) -> None:
        """Keep a new one, and forget this person's that have ended."""
        self._conn.execute(
            "delete from staff_sessions where staff_id = %s and ends_at < %s",
            (session.staff_id, session.made_at),
        )
        self._conn.execute(
            "insert into staff_sessions (id, hash, staff_id, stage, way, address, agent, made_at,"
            " seen_at, ends_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(session.id, hashed, session.staff_id, session.stage, session.way),
                *(session.address, session.agent[:200]),
                *(session.made_at, session.seen_at, session.ends_at),
            ),
        )

    def find(self, hashed: str, now: datetime, idle: timedelta) -> Session | None:
        """The session, while it is good and its person may sign in."""
        with self._conn.cursor(row_factory=class_row(Session)) as cursor:
            return cursor.execute(
                _SESSION + "where s.hash = %s and s.ends_at > %s and s.seen_at > %s"
                " and p.state = 'active'",
                (hashed, now, now - idle),
            ).fetchone()

    def seen(self, id_: str, now: datetime) -> None:
        """Remember that it is in use."""
        self._conn.execute("update staff_sessions set seen_at = %s where id = %s", (now, id_))

    def of(self, staff_id: str, now: datetime, idle: timedelta) -> list[Session]:
        """The person's sessions that are good, the newest first."""
        with self._conn.cursor(row_factory=class_row(Session)) as cursor:
            return cursor.execute(
                _SESSION + "where s.staff_id = %s and s.ends_at > %s and s.seen_at > %s"
                " and s.stage = 'full' order by s.made_at desc",
                (staff_id, now, now - idle),
            ).fetchall()

    def end(self, staff_id: str, id_: str) -> bool:
        """End one of the person's."""
        done = self._conn.execute(
            "delete from staff_sessions where staff_id = %s and id = %s", (staff_id, id_)
        )
        return done.rowcount == 1

    def end_all(self, staff_id: str, but: str = "") -> int:
        """End all of the person's but one."""
        done = self._conn.execute(
            "delete from staff_sessions where staff_id = %s and id <> %s", (staff_id, but)
        )
        return done.rowcount


class ApiTokens:
    """The API tokens within one transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, token: ApiToken, hashed: str) -> None:
        """Keep a new one."""
        self._conn.execute(
            "insert into api_tokens (id, hash, name, city, role, scopes, made_by, made_at, ends_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(token.id, hashed, token.name, token.city, token.role, token.scopes),
                *(token.made_by, token.made_at, token.ends_at),
            ),
        )

    def find(self, hashed: str, now: datetime) -> ApiToken | None:
        """The token, while it is good; remembers, to the minute, that it was used."""
        found = self._read("where hash = %(key)s", hashed)
        if not found or not found[0].is_good(now):
            return None
        if found[0].used_at is None or now - found[0].used_at > timedelta(minutes=1):
            self._conn.execute("update api_tokens set used_at = %s where hash = %s", (now, hashed))
        return found[0]

    def all(self) -> Sequence[ApiToken]:
        """Every token, the newest first."""
        return self._read("where %(key)s = ''", "")

    def one(self, id_: str) -> ApiToken | None:
        """One token by its id."""
        found = self._read("where id = %(key)s", id_)
        return found[0] if found else None

    def revoke(self, id_: str, now: datetime) -> None:
        """It opens nothing from now on."""
        self._conn.execute(
            "update api_tokens set revoked_at = %s where id = %s and revoked_at is null", (now, id_)
        )

    def _read(self, where: str, key: str) -> list[ApiToken]:
        query = f"{_PROGRAM} {where} order by made_at desc"
        with self._conn.cursor(row_factory=class_row(ApiToken)) as cursor:
            return cursor.execute(query.encode(), {"key": key}).fetchall()


_SESSION = """
select s.id, s.staff_id, p.name, s.stage, s.way, s.address, s.agent, s.made_at, s.seen_at,
    s.ends_at
from staff_sessions s join staff p on p.id = s.staff_id
"""
_PROGRAM = """
select id, name, city, role, scopes, made_by, made_at, ends_at, used_at, revoked_at
from api_tokens
"""
