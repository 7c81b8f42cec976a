"""The port `Replies` on PostgreSQL, within the connection's transaction."""

from datetime import UTC, datetime
from typing import Any

from services.dispatch.domain.replies import QUIET, Reply
from shared.db import Connection

_MOST = 50


class PostgresReplies:
    """A row a text."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep(self, city: str, reply: Reply, revision: int) -> bool:
        """Keep what is newer than what is known; whether it was."""
        r = reply
        row = (city, r.id, revision, r.party_id, r.meaning, r.minutes, r.words, r.at)
        return bool(self._conn.execute(_KEEP, row).rowcount)

    def acted(self, city: str, reply: str, refusal: str) -> None:
        """It acted by itself, unless there is a refusal."""
        self._conn.execute(_ACTED, (not refusal, refusal, city, reply))

    def see(self, city: str, reply: str, by: str, now: datetime | None) -> bool:
        """Somebody has seen it, or without a moment: has not after all; whether that is new."""
        values = (now, by if now else "", city, reply, now is None)
        return bool(self._conn.execute(_SEE, values).rowcount)

    def waiting(self, city: str) -> list[Reply]:
        """What nobody has seen yet, the newest."""
        rows: Any = self._conn.execute(_WAITING, (city, list(QUIET), _MOST)).fetchall()
        return [
            Reply(row[0], row[1], row[2], row[3], row[4], row[5].astimezone(UTC), row[6])
            for row in rows
        ]


# A text given to another party is news again. What comes late of who was forgotten stays unsaid.
_KEEP = """
insert into host_replies (city, id, revision, party_id, meaning, minutes, words, at)
select v.city, v.id, v.revision, v.party_id, v.meaning, v.minutes,
    case when exists (
        select from forgotten_parties f where f.city = v.city and f.party_id = v.party_id
            and f.groups && array['contacts', 'notes']) then '' else v.words end, v.at
from (values (%s, %s, %s::bigint, %s, %s, %s::int, %s, %s::timestamptz))
    v (city, id, revision, party_id, meaning, minutes, words, at)
on conflict (city, id) do update set revision = excluded.revision, party_id = excluded.party_id,
    meaning = excluded.meaning, minutes = excluded.minutes, seen_at = null, seen_by = ''
where excluded.revision > host_replies.revision
"""
_ACTED = "update host_replies set acted = %s, refusal = %s where city = %s and id = %s"
_SEE = """
update host_replies set seen_at = %s, seen_by = %s
where city = %s and id = %s and (seen_at is not null) = %s
"""
_WAITING = """
select id, party_id, meaning, minutes, words, at, refusal from host_replies
where city = %s and not acted and seen_at is null and meaning <> all(%s)
order by at desc limit %s
"""
