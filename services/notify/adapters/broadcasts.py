"""Broadcasts as staff writes, starts and follows them. Desk and pages use it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.adapters.book_sql import CITY
from services.notify.adapters.broadcast_rows import (
    AUDIENCE,
    COLUMNS,
    as_json,
    broadcast_row,
    filter_values,
)
from services.notify.adapters.city_rows import city_in
from services.notify.domain.broadcasts import (
    APPROVE_ABOVE,
    STOPPED_BY_STAFF,
    Broadcast,
    Filters,
    Words,
)
from services.notify.domain.values import City
from services.notify.domain.wording import masked
from shared.db import Connection, Pool

FATES = (
    *("delivered", "sent", "under_way", "waiting"),
    *("unsure", "failed", "expired", "left_out", "stopped"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A broadcast in the list, with how many hosts it is for."""

    broadcast: Broadcast
    people: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """What became of it for one host."""

    party_id: str
    code: str
    party: str
    fate: str
    reason: str
    message_id: str
    channel: str
    to: str
    language: str
    segments: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Content:
    """What a form says of a broadcast."""

    title: str
    filters: Filters
    words: Mapping[str, Words]
    expires_at: datetime


def read_city(conn: Connection, city: str) -> City | None:
    """The city, None where it is not known."""
    row = conn.execute(_CITY.encode(), (city,)).fetchone()
    return city_in(row) if row else None


def read_list(pool: Pool, city: str) -> list[Listed]:
    """The city's broadcasts, newest first."""
    with pool.connection() as conn:
        with conn.cursor(row_factory=broadcast_row) as cursor:
            found = cursor.execute(_LIST.encode(), {"city": city}).fetchall()
        rows = conn.execute(_SIZES, (city,)).fetchall()
    sizes = {str(id_): int(str(number)) for id_, number in rows}
    return [Listed(b, sizes.get(b.id, 0)) for b in found]


def read_one(
    conn: Connection, city: str, broadcast_id: str, *, lock: bool = False
) -> Broadcast | None:
    """One of the city's broadcasts, None where there is none."""
    query = _ONE + (" for update of b" if lock else "")
    with conn.cursor(row_factory=broadcast_row) as cursor:
        return cursor.execute(query.encode(), {"city": city, "id": broadcast_id}).fetchone()


def write_draft(conn: Connection, broadcast: Broadcast) -> None:
    """Keep it, newly or anew."""
    b = broadcast
    values = {
        **{"id": b.id, "city": b.city, "version": b.version, "title": b.title},
        **{"filters": as_json(b.filters), "words": as_json(b.words), "authors": list(b.authors)},
        **{"written_by": b.written_by, "created_at": b.created_at, "changed_at": b.changed_at},
        **{"expires_at": b.expires_at, "correlation": b.correlation},
    }
    conn.execute(_WRITE, values)


def drop_draft(conn: Connection, broadcast_id: str) -> None:
    """Throw a draft away."""
    conn.execute("delete from broadcasts where id = %s and state = 'draft'", (broadcast_id,))


def set_state(conn: Connection, broadcast_id: str, state: str, now: datetime) -> None:
    """Move it on."""
    conn.execute(
        "update broadcasts set state = %s, changed_at = %s where id = %s",
        (state, now, broadcast_id),
    )


def set_asked(conn: Connection, broadcast_id: str, who: str) -> None:
    """Note who asked for it to be sent."""
    conn.execute("update broadcasts set asked_by = %s where id = %s", (who, broadcast_id))


def start(conn: Connection, broadcast: Broadcast, approved_by: str, now: datetime) -> int:
    """Settle for whom it is and let it begin; returns how many hosts that is."""
    values = filter_values(broadcast.filters) | {
        **{"id": broadcast.id, "city": broadcast.city, "now": now, "by": approved_by},
    }
    conn.execute(_START, values)
    return conn.execute(_FREEZE.encode(), values).rowcount


def stop_messages(conn: Connection, broadcast_id: str, now: datetime) -> None:
    """Hold back for good what no provider has."""
    conn.execute(_STOP, {"id": broadcast_id, "now": now, "reason": STOPPED_BY_STAFF})


def read_fates(pool: Pool, broadcast_id: str) -> dict[str, int]:
    """How many hosts there are of each fate."""
    with pool.connection() as conn:
        rows = conn.execute(_FATE_COUNTS.encode(), {"id": broadcast_id}).fetchall()
    return {str(fate): int(str(number)) for fate, number in rows}


def read_recipients(
    pool: Pool, broadcast_id: str, fate: str = "", most: int = 100_000
) -> list[Recipient]:
    """Who got it and who did not, by code; addresses masked."""
    values = {"id": broadcast_id, "fate": fate, "most": most}
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Recipient)) as cursor:
        found = cursor.execute(_RECIPIENTS.encode(), values).fetchall()
    return [replace(r, to=masked(r.channel, r.to) if r.to else "") for r in found]


def read_limit(conn: Connection, city: str) -> int:
    """Above how many hosts a second person approves in this city."""
    row = conn.execute("select approve_above from broadcast_rules where city = %s", (city,))
    found = row.fetchone()
    return int(str(found[0])) if found else APPROVE_ABOVE


def write_limit(conn: Connection, city: str, above: int) -> None:
    """Settle it."""
    conn.execute(
        "insert into broadcast_rules (city, approve_above) values (%s, %s)"
        " on conflict (city) do update set approve_above = excluded.approve_above",
        (city, above),
    )


_CITY: Final = f"select {CITY} from cities c where c.id = %s"
_LIST: Final = (
    f"select {COLUMNS} from broadcasts b where b.city = %(city)s order by b.id desc limit 100"
)
_ONE: Final = f"select {COLUMNS} from broadcasts b where b.city = %(city)s and b.id = %(id)s"
_SIZES: Final = """
select broadcast_id, count(*) from broadcast_people
where broadcast_id in (select id from broadcasts where city = %s) group by 1
"""
_WRITE: Final = """
insert into broadcasts (id, city, version, state, title, filters, words, authors, written_by,
    created_at, changed_at, expires_at, correlation)
values (%(id)s, %(city)s, %(version)s, 'draft', %(title)s, %(filters)s::jsonb, %(words)s::jsonb,
    %(authors)s::text[], %(written_by)s, %(created_at)s, %(changed_at)s, %(expires_at)s,
    %(correlation)s)
on conflict (id) do update set version = excluded.version, title = excluded.title,
    filters = excluded.filters, words = excluded.words, authors = excluded.authors,
    written_by = excluded.written_by, changed_at = excluded.changed_at,
    expires_at = excluded.expires_at
where broadcasts.state = 'draft'
"""
_START: Final = """
update broadcasts
set state = 'sending', started_at = %(now)s, changed_at = %(now)s, approved_by = %(by)s
where id = %(id)s
"""
_FREEZE: Final = f"""
insert into broadcast_people (broadcast_id, party_id)
select %(id)s, p.id
from parties p left join visits v on v.city = p.city and v.party_id = p.id
where p.city = %(city)s {AUDIENCE}
on conflict do nothing
"""
_STOP: Final = """
update messages set state = 'suppressed', reason = %(reason)s, changed_at = %(now)s
where broadcast_id = %(id)s and state = 'created'
"""

# Of two ways to the same host the one that got farthest counts.
_FATE: Final = f"""
    select bp.party_id, m.id, m.channel, m.to_address, m.language, m.segments, m.changed_at,
        case
            when m.state in ('delivered', 'sent', 'unsure', 'expired') then m.state
            when m.state in ('created', 'sending') then 'under_way'
            when m.state in ('failed_permanent', 'failed_temporary') then 'failed'
            when m.state = 'suppressed' and m.reason = '{STOPPED_BY_STAFF}' then 'stopped'
            when m.state = 'suppressed' or bp.state = 'written' then 'left_out'
            else bp.state
        end as fate,
        coalesce(nullif(m.reason, ''), bp.reason) as reason
    from broadcast_people bp
    join broadcasts of on of.id = bp.broadcast_id
    left join lateral (
        select * from messages
        where city = of.city and party_id = bp.party_id
            and news = 'broadcast/' || bp.broadcast_id and broadcast_id = bp.broadcast_id
        order by case state when 'delivered' then 1 when 'sent' then 2 when 'sending' then 3
            when 'created' then 4 when 'unsure' then 5 when 'suppressed' then 7 else 6 end,
            reserve_of <> '', id desc
        limit 1
    ) m on true
    where bp.broadcast_id = %(id)s
"""
_FATE_COUNTS: Final = f"select fate, count(*) from ({_FATE}) f group by fate"
_RECIPIENTS: Final = f"""
select f.party_id, coalesce(p.code, '') as code,
    coalesce(nullif(p.name, ''), p.address, '') as party, f.fate, f.reason,
    coalesce(f.id, '') as message_id, coalesce(f.channel, 'none') as channel,
    coalesce(f.to_address, '') as to, coalesce(f.language, '') as language,
    coalesce(f.segments, 0) as segments, f.changed_at as at
from ({_FATE}) f
join broadcasts b on b.id = %(id)s
left join parties p on p.city = b.city and p.id = f.party_id
where %(fate)s = '' or f.fate = %(fate)s
order by p.code, f.party_id limit %(most)s
"""
