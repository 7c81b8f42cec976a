"""The call list: hosts whom no channel reached, and what they should be told. Desk uses it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.domain.wording import masked, veiled
from shared.db import Connection, Pool


@dataclass(frozen=True, slots=True)
class Call:
    """One host to call; `phone` is masked unless it was asked for."""

    id: str
    zone: str
    party_id: str
    code: str
    party: str
    address: str
    host_name: str
    language: str
    phone: str
    template: str
    reason: str
    words: str
    spoken: str
    expires_at: datetime
    created_at: datetime
    done_at: datetime | None
    done_by: str
    note: str


def read_calls(pool: Pool, city: str, *, done: bool, whole: bool = False) -> list[Call]:
    """Open calls, oldest first, or those done, newest first; numbers masked unless `whole`."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Call)) as cursor:
        found = cursor.execute(_DONE if done else _OPEN, (city,)).fetchall()
    return [_covered(call, whole) for call in found]


def read_call(pool: Pool, city: str, call_id: str) -> Call | None:
    """One call, its number whole: for who has a reason, which the audit log keeps."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Call)) as cursor:
        found = cursor.execute(_ONE, (city, call_id)).fetchone()
    return _covered(found, whole=True) if found else None


def close_call(
    conn: Connection, city: str, call_id: str, who: str, note: str, now: datetime
) -> str:
    """Note that the host was called; returns the party's id, empty where it was closed before."""
    row = conn.execute(_CLOSE, (now, who, note, city, call_id)).fetchone()
    return str(row[0]) if row else ""


def open_call(conn: Connection, city: str, call_id: str) -> str:
    """Put it on the list again; returns the party's id, empty where it is there."""
    row = conn.execute(_REOPEN, (city, call_id)).fetchone()
    return str(row[0]) if row else ""


def _covered(call: Call, whole: bool) -> Call:
    phone = call.phone if whole or not call.phone else masked("sms", call.phone)
    return replace(call, phone=phone, words=veiled(call.words))


_SELECT: Final = """
select k.id, c.zone, k.party_id, coalesce(p.code, '') as code, coalesce(p.name, '') as party,
    coalesce(p.address, '') as address, coalesce(p.host_name, '') as host_name,
    coalesce(p.language, '') as language, coalesce(p.phone, '') as phone, k.template, k.reason,
    m.body as words, m.language as spoken, m.expires_at, k.created_at, k.done_at, k.done_by, k.note
from calls k
join messages m on m.id = k.message_id
join cities c on c.id = k.city
left join parties p on p.city = k.city and p.id = k.party_id
where k.city = %s
"""
# What was got through after all needs no call.
_OPEN: Final = (
    _SELECT
    + "and k.done_at is null and m.state not in ('sent', 'delivered') order by k.created_at, k.id"
)
_DONE: Final = _SELECT + "and k.done_at is not null order by k.done_at desc, k.id limit 100"
_ONE: Final = _SELECT + "and k.id = %s"
_CLOSE: Final = """
update calls set done_at = %s, done_by = %s, note = %s
where city = %s and id = %s and done_at is null returning party_id
"""
_REOPEN: Final = """
update calls set done_at = null, done_by = '', note = ''
where city = %s and id = %s and done_at is not null returning party_id
"""
