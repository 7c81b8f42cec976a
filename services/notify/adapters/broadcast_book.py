"""The `BroadcastBook` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.notify.adapters.book import write_messages
from services.notify.adapters.book_sql import CITY
from services.notify.adapters.broadcast_rows import (
    COLUMNS,
    find_people,
    with_city_row,
)
from services.notify.broadcast_ports import Passed
from services.notify.domain.broadcasts import Broadcast, Person
from services.notify.domain.messages import Draft
from services.notify.domain.values import City
from shared.db import Connection


class PostgresBroadcasts:
    """Fulfils `BroadcastBook`."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self._conn = conn
        self._now = now

    def under_way(self) -> Sequence[tuple[City, Broadcast]]:
        with self._conn.cursor(row_factory=with_city_row) as cursor:
            return cursor.execute(_UNDER_WAY.encode()).fetchall()

    def waiting(self, broadcast_id: str) -> int:
        row = self._conn.execute(_WAITING, (broadcast_id,)).fetchone()
        return int(str(row[0])) if row else 0

    def take(self, broadcast: Broadcast, most: int) -> Sequence[Person]:
        rows = self._conn.execute(_TAKE, (broadcast.id, most)).fetchall()
        ids = [str(row[0]) for row in rows]
        if not ids:
            return []
        return find_people(self._conn, broadcast.city, broadcast.filters, self._now, ids)

    def write(
        self, broadcast_id: str, drafts: Sequence[Draft], passed: Sequence[Passed], now: datetime
    ) -> None:
        written = sorted({draft.party_id for draft in drafts})
        write_messages(self._conn, drafts, now)
        with self._conn.cursor() as cursor:
            cursor.execute(_WRITTEN, (broadcast_id, written))
            cursor.executemany(_PASSED, [(p.reason, broadcast_id, p.party_id) for p in passed])
            silent = [(p.party_id, p.reason, now, broadcast_id) for p in passed]
            cursor.executemany(_SILENCE, silent)

    def end(self, broadcast_id: str, state: str, reason: str, now: datetime) -> None:
        values = {"id": broadcast_id, "state": state, "reason": reason, "now": now}
        self._conn.execute(_END_PEOPLE, values)
        if state == "stopped":
            self._conn.execute(_END_MESSAGES, values)

    def finish(self, broadcast_id: str, now: datetime) -> None:
        self._conn.execute(_FINISH, {"id": broadcast_id, "now": now})


_UNDER_WAY: Final = f"""
select {CITY}, {COLUMNS}
from broadcasts b join cities c on c.id = b.city
where b.state in ('sending', 'paused', 'stopped') and b.finished_at is null
order by b.id
for update of b skip locked
"""

_WAITING: Final = """
select count(*) from messages where broadcast_id = %s and state in ('created', 'sending')
"""

_TAKE: Final = """
select party_id from broadcast_people
where broadcast_id = %s and state = 'waiting'
order by party_id limit %s
"""

_WRITTEN: Final = """
update broadcast_people set state = 'written' where broadcast_id = %s and party_id = any(%s)
"""

_PASSED: Final = """
update broadcast_people set state = 'left_out', reason = %s
where broadcast_id = %s and party_id = %s
"""

_SILENCE: Final = """
insert into silences (city, party_id, news, revision, reason, at)
select city, %s, 'broadcast/' || id, 1, %s, %s from broadcasts where id = %s
on conflict do nothing
"""

_END_PEOPLE: Final = """
update broadcast_people set state = %(state)s, reason = %(reason)s
where broadcast_id = %(id)s and state = 'waiting'
"""

# What a provider has is out of our hands; what waits for it is not.
_END_MESSAGES: Final = """
update messages set state = 'suppressed', reason = %(reason)s, changed_at = %(now)s
where broadcast_id = %(id)s and state = 'created'
"""

_FINISH: Final = """
update broadcasts
set finished_at = %(now)s, state = case state when 'sending' then 'done' else state end
where id = %(id)s
"""
