"""Messages that failed or of which nobody knows: for pages, and trying them again. Desk uses it.

Trying again is safe where the provider has said that it does not have the message, nothing newer
was written, nothing was said by the other way meanwhile, and it would still arrive in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.domain.wording import masked
from shared.db import Connection, Pool

REFUSED, GIVEN_UP, TOO_LATE, UNSURE = (
    *("failed_permanent", "failed_temporary"),
    *("expired", "unsure"),
)
FAMILIES = {
    REFUSED: "refused for good",
    GIVEN_UP: "tried until it was too late",
    TOO_LATE: "not sent in time",
    UNSURE: "nobody knows",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One of them; `blocked` says why trying again would not be right, empty where it is."""

    id: str
    city: str
    zone: str
    party_id: str
    code: str
    party: str
    template: str
    channel: str
    to: str
    state: str
    reason: str
    changed_at: datetime
    expires_at: datetime
    attempts: int
    broadcast_id: str
    blocked: str

    @property
    def tryable(self) -> bool:
        """Whether it may be tried again without asking anybody."""
        return not self.blocked and self.state in (REFUSED, GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Again:
    """A second try that has not begun: it can be undone."""

    id: str
    code: str
    party: str
    party_id: str
    template: str
    channel: str
    by_whom: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A message whose fate a person decided."""

    id: str
    party_id: str
    template: str
    channel: str
    to: str
    attempts: int
    correlation: str


def read_failures(pool: Pool, city: str, family: str, now: datetime) -> list[Failure]:
    """The newest of them, those that need somebody first."""
    values = {"city": city, "family": family, "now": now}
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Failure)) as cursor:
        found = cursor.execute(_LIST.encode(), values).fetchall()
    return [replace(f, to=masked(f.channel, f.to)) for f in found]


def read_family_counts(pool: Pool, city: str) -> dict[str, int]:
    """How many there are of each family."""
    with pool.connection() as conn:
        rows = conn.execute(_COUNTS, (city,)).fetchall()
    return {str(state): int(str(number)) for state, number in rows}


def read_again(pool: Pool, city: str) -> list[Again]:
    """Second tries that can still be undone, newest first."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Again)) as cursor:
        return cursor.execute(_AGAIN, (city,)).fetchall()


def try_again(
    conn: Connection,
    city: str,
    ids: Sequence[str],
    states: Sequence[str],
    who: str,
    times: tuple[datetime, datetime],
) -> list[str]:
    """Let them be tried at the second of `times`; returns those for which it was safe."""
    now, due = times
    values = {
        **{"city": city, "ids": list(ids), "states": list(states)},
        **{"who": who, "now": now, "due": due},
    }
    return [str(row[0]) for row in conn.execute(_TRY_AGAIN.encode(), values).fetchall()]


def undo_again(conn: Connection, city: str, message_id: str, now: datetime) -> bool:
    """Make a message what it was before; False where it has been taken up meanwhile."""
    values = {"city": city, "id": message_id, "now": now}
    return conn.execute(_UNDO, values).fetchone() is not None


def mark_arrived(conn: Connection, city: str, message_id: str, now: datetime) -> Moved | None:
    """Note that somebody knows that it arrived; None where that is no question any more."""
    with conn.cursor(row_factory=class_row(Moved)) as cursor:
        return cursor.execute(_ARRIVED, {"city": city, "id": message_id, "now": now}).fetchone()


_BLOCKED: Final = """
case
    when m.expires_at <= %(now)s then 'its time has passed'
    when exists (
        select from messages newer
        where newer.city = m.city and newer.party_id = m.party_id and newer.news = m.news
            and newer.revision > m.revision) then 'there is newer news'
    when exists (
        select from messages other
        where other.reserve_of = m.id and other.state <> 'suppressed')
        then 'the other way was tried instead'
    when p.withdrawn then 'the party was withdrawn'
    when m.audience = 'host' and p.id is not null and (
            (m.channel = 'sms' and (p.phone = '' or not p.sms_consent))
            or (m.channel = 'email' and p.email = ''))
        then 'the host can no longer be reached this way'
    when exists (
        select from opted_out o
        where o.channel = m.channel and lower(o.address) = lower(m.to_address)
            and m.purpose <> 'replies' and o.purpose in (m.purpose, 'all')) then 'opted out'
    else ''
end
"""

_FROM: Final = """
from messages m
join cities c on c.id = m.city
left join parties p on p.city = m.city and p.id = m.party_id
"""

OPEN_FAILURES: Final = f"""
select m.id {_FROM}
where m.city = %(city)s
    and m.state in ('failed_permanent', 'failed_temporary', 'unsure')
    and (m.state = 'unsure' and m.expires_at > %(now)s or {_BLOCKED} = '')
"""
"""Ids of those that can still be tried or decided."""

_LIST: Final = f"""
select m.id, m.city, c.zone, m.party_id, coalesce(p.code, '') as code,
    coalesce(nullif(p.name, ''), p.address, m.team_id) as party, m.template, m.channel,
    m.to_address as to, m.state, m.reason, m.changed_at, m.expires_at, m.attempts,
    m.broadcast_id, {_BLOCKED} as blocked
{_FROM}
where m.city = %(city)s
    and m.state in ('failed_permanent', 'failed_temporary', 'expired', 'unsure')
    and (%(family)s = '' or m.state = %(family)s)
order by m.state = 'unsure' desc, {_BLOCKED} = '' desc, m.id desc
limit 200
"""

_COUNTS: Final = """
select state, count(*) from messages
where city = %s and state in ('failed_permanent', 'failed_temporary', 'expired', 'unsure')
group by state
"""

_TRY_AGAIN: Final = f"""
with safe as materialized (
    select m.id, m.state, m.reason, m.due_at, m.attempts,
        case when m.audience <> 'host' or p.id is null then m.to_address
            when m.channel = 'sms' then p.phone else p.email end as to_address
    {_FROM}
    where m.city = %(city)s and m.id = any(%(ids)s) and m.state = any(%(states)s)
        and {_BLOCKED} = ''
    for update of m
), noted as (
    insert into retries (message_id, by_whom, at, state, reason, due_at, attempts)
    select id, %(who)s, %(now)s, state, reason, due_at, attempts from safe
)
update messages m
set state = 'created', reason = '', due_at = %(due)s, changed_at = %(now)s,
    to_address = safe.to_address
from safe where m.id = safe.id
returning m.id
"""

_AGAIN: Final = """
select m.id, coalesce(p.code, '') as code,
    coalesce(nullif(p.name, ''), p.address, m.team_id) as party, m.party_id, m.template, m.channel,
    r.by_whom, r.at
from retries r
join messages m on m.id = r.message_id and m.state = 'created' and m.attempts = r.attempts
left join parties p on p.city = m.city and p.id = m.party_id
where m.city = %s and r.undone_at is null
order by r.id desc limit 50
"""

_UNDO: Final = """
with undone as (
    update retries r set undone_at = %(now)s
    where r.id = (select max(id) from retries where message_id = %(id)s) and r.undone_at is null
        and exists (
            select from messages m
            where m.id = %(id)s and m.city = %(city)s and m.state = 'created'
                and m.attempts = r.attempts
            for update)
    returning r.state, r.reason, r.due_at, r.attempts
)
update messages m
set state = undone.state, reason = undone.reason, due_at = undone.due_at, changed_at = %(now)s
from undone
where m.id = %(id)s and m.state = 'created' and m.attempts = undone.attempts
returning m.id
"""

_ARRIVED: Final = """
update messages m
set state = 'sent', reason = 'somebody of staff knows that it arrived', changed_at = %(now)s
where m.id = %(id)s and m.city = %(city)s and m.state = 'unsure'
returning m.id, m.party_id, m.template, m.channel, m.to_address as to, m.attempts, m.correlation
"""
