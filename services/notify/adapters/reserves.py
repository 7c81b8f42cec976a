"""Lets go what is kept in reserve, when its first way is gone. The book and the desk use it.

A reserve goes out while there is time and nothing newer was written, and as every message no
earlier than when it may disturb: what failed in the evening may be let go amid the night.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Cursor

from services.notify.adapters.book_sql import CITY
from services.notify.adapters.city_rows import city_in
from services.notify.domain.messages import BROADCASTS, HOST
from services.notify.domain.restraint import due_at
from services.notify.domain.values import City
from shared.db import Connection


def release(conn: Connection, failed: Collection[str], now: datetime) -> frozenset[str]:
    """Let go what is in reserve for these; returns those that had one."""
    return _release(conn, _OF_THESE, {"failed": list(failed)}, now)


def release_all(conn: Connection, now: datetime) -> int:
    """Let go what is in reserve for whatever failed for good or was opted out of."""
    return len(_release(conn, _OF_FAILED, {}, now))


def release_unreachable(
    conn: Connection, cities: Sequence[str], parties: Sequence[str], now: datetime
) -> None:
    """Let go what is in reserve for what these parties can no longer be reached by."""
    _release(conn, _OF_UNREACHABLE, {"cities": cities, "parties": parties}, now)


@dataclass(frozen=True, slots=True)
class _Reserve:
    city: City
    id: str
    reserve_of: str
    audience: str
    purpose: str
    template: str
    channel: str
    lane: str
    due_at: datetime
    expires_at: datetime

    def may_go_at(self, now: datetime) -> datetime:
        if self.audience != HOST or self.purpose == BROADCASTS:
            return max(self.due_at, now)
        return max(self.due_at, due_at(self.city, self.template, self.channel, self.lane, now))


def _release(
    conn: Connection, condition: str, values: Mapping[str, object], now: datetime
) -> frozenset[str]:
    with conn.cursor(row_factory=_reserve_row) as cursor:
        query = _HELD.format(condition=condition)
        held = cursor.execute(query.encode(), {**values, "now": now}).fetchall()
    freed = [(r, due) for r in held if (due := r.may_go_at(now)) < r.expires_at]
    with conn.cursor() as cursor:
        cursor.executemany(_FREE, [(due, now, reserve.id) for reserve, due in freed])
    return frozenset(reserve.reserve_of for reserve, _ in freed)


def _reserve_row(_: Cursor[Any]) -> Any:
    return lambda row: _Reserve(city_in(row), *row[12:])


_HELD: Final = f"""
select {CITY},
    r.id, r.reserve_of, r.audience, r.purpose, r.template, r.channel, r.lane, r.due_at, r.expires_at
from messages r
join messages first on first.id = r.reserve_of
join cities c on c.id = r.city
where r.state = 'suppressed' and r.reason = 'in reserve' and r.expires_at > %(now)s
    and not exists (
        select from messages newer
        where newer.city = r.city and newer.party_id = r.party_id
            and newer.news = r.news and newer.revision > r.revision
    )
    and {{condition}}
for update of r skip locked
"""
_OF_THESE: Final = "r.reserve_of = any(%(failed)s)"
_OF_FAILED: Final = """r.reserve_of <> '' and (
    first.state in ('failed_permanent', 'failed_temporary')
    or (first.state = 'suppressed' and first.reason like 'opted out%%'))
"""
_OF_UNREACHABLE: Final = """
    first.state = 'suppressed' and first.reason = 'no longer reachable this way'
    and (first.city, first.party_id) in (
        select * from unnest(%(cities)s::text[], %(parties)s::text[]))
"""
_FREE: Final = """
update messages set state = 'created', reason = '', due_at = %s, changed_at = %s where id = %s
"""
