"""The `Desk` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.adapters.consent import NOT_OPTED_OUT, refuse_opted_out
from services.notify.domain.messages import Claimant, Claimed, Fate
from services.notify.domain.values import EMAIL, SMS
from shared.db import Connection


class PostgresDesk:
    """Fulfils `Desk`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def claim(
        self, lane: str, who: Claimant, providers: Mapping[str, str], now: datetime, most: int
    ) -> Sequence[Claimed]:
        refuse_opted_out(self._conn, lane, now)
        values = {
            "lane": lane,
            "now": now,
            "most": most,
            "instance": who.instance,
            "boot": who.boot,
            "sms": providers[SMS],
            "email": providers[EMAIL],
        }
        with self._conn.cursor(row_factory=class_row(Claimed)) as cursor:
            return sorted(cursor.execute(_CLAIM, values).fetchall(), key=lambda m: m.id)

    def drop_overtaken(self, now: datetime) -> None:
        self._conn.execute(_DROP_OVERTAKEN, {"now": now})

    def expire(self, now: datetime, most: int) -> Sequence[Claimed]:
        with self._conn.cursor(row_factory=class_row(Claimed)) as cursor:
            return cursor.execute(_EXPIRE, {"now": now, "most": most}).fetchall()

    def stranded(self, who: Claimant, since: datetime, most: int) -> Sequence[Claimed]:
        values = {"instance": who.instance, "boot": who.boot, "since": since, "most": most}
        with self._conn.cursor(row_factory=class_row(Claimed)) as cursor:
            return cursor.execute(_STRANDED, values).fetchall()

    def settle(self, fates: Sequence[Fate], now: datetime) -> frozenset[str]:
        columns = {
            "ids": [f.id for f in fates],
            "attempts": [f.attempts for f in fates],
            "states": [f.state for f in fates],
            "reasons": [f.reason for f in fates],
            "due": [f.due_at for f in fates],
            "refs": [f.provider_ref for f in fates],
            "now": now,
        }
        rows = self._conn.execute(_SETTLE, columns).fetchall()
        return frozenset(str(row[0]) for row in rows)

    def waiting(self, now: datetime) -> Sequence[str]:
        rows = self._conn.execute(_WAITING, {"now": now}).fetchall()
        return [str(row[0]) for row in rows]


_CLAIM: Final = f"""
with due as materialized (
    select id from messages
    where lane = %(lane)s and state = 'created' and due_at <= %(now)s and expires_at > %(now)s
        and not exists (
            select from messages newer
            where newer.city = messages.city and newer.party_id = messages.party_id
                and newer.news = messages.news and newer.revision > messages.revision
        )
        and {NOT_OPTED_OUT}
    order by due_at, id limit %(most)s
    for update skip locked
)
update messages m
set state = 'sending', attempts = m.attempts + 1, claimed_at = %(now)s, changed_at = %(now)s,
    claimed_by = %(instance)s, boot = %(boot)s,
    provider = case m.channel when 'sms' then %(sms)s else %(email)s end
from due, cities c
where m.id = due.id and c.id = m.city
returning m.id, m.city, m.party_id, m.template, m.channel, m.to_address as to,
    c.programme as sender_name, m.subject, m.body, m.html, m.provider, m.attempts, m.expires_at,
    m.correlation, m.audience, m.purpose, m.segments
"""

# A message can fail for the moment and become due again after newer news was written.
_DROP_OVERTAKEN: Final = """
with old as materialized (
    select id from messages
    where state = 'created' and attempts > 0 and exists (
        select from messages newer
        where newer.city = messages.city and newer.party_id = messages.party_id
            and newer.news = messages.news and newer.revision > messages.revision
    )
    for update skip locked
)
update messages m
set state = 'suppressed', reason = 'overtaken by newer news', changed_at = %(now)s
from old where m.id = old.id
"""

_EXPIRE: Final = """
with late as materialized (
    select id from messages
    where state = 'created' and expires_at <= %(now)s
    order by expires_at limit %(most)s
    for update skip locked
)
update messages m
set state = 'expired', reason = 'it would arrive too late', changed_at = %(now)s
from late, cities c
where m.id = late.id and c.id = m.city
returning m.id, m.city, m.party_id, m.template, m.channel, m.to_address as to,
    c.programme as sender_name, m.subject, m.body, m.html, m.provider, m.attempts, m.expires_at,
    m.correlation, m.audience, m.purpose, m.segments
"""

_STRANDED: Final = """
select m.id, m.city, m.party_id, m.template, m.channel, m.to_address as to,
    c.programme as sender_name, m.subject, m.body, m.html, m.provider, m.attempts, m.expires_at,
    m.correlation, m.audience, m.purpose, m.segments
from messages m join cities c on c.id = m.city
where m.state = 'sending'
    and (m.claimed_at < %(since)s or (m.claimed_by = %(instance)s and m.boot <> %(boot)s))
order by m.id limit %(most)s
for update of m skip locked
"""

# A slow sender may still report on a message that was given up meanwhile, as long as nobody else
# has taken it up since: that would have counted another attempt.
_SETTLE: Final = """
update messages m
set state = f.state, reason = f.reason, due_at = coalesce(f.due_at, m.due_at),
    provider_ref = case f.ref when '' then m.provider_ref else f.ref end, changed_at = %(now)s
from unnest(%(ids)s::text[], %(attempts)s::int[], %(states)s::text[], %(reasons)s::text[],
    %(due)s::timestamptz[], %(refs)s::text[]) as f (id, attempts, state, reason, due_at, ref)
where m.id = f.id and m.attempts = f.attempts
    and (m.state in ('sending', 'unsure') or (m.state = 'created' and f.state = 'sent'))
returning m.id
"""

_WAITING: Final = """
select lane from (values ('urgent'), ('bulk')) as l (lane)
where exists (
    select from messages m
    where m.lane = l.lane and m.state = 'created' and m.due_at <= %(now)s
        and m.expires_at > %(now)s
)
"""
