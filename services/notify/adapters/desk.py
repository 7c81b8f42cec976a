"""The `Desk` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.adapters.consent import NOT_OPTED_OUT, PostgresLedger, refuse_opted_out
from services.notify.adapters.numbers import refuse_unproven
from services.notify.adapters.reserves import release, release_all
from services.notify.adapters.sharing import Due, share_out
from services.notify.answer_ports import LedgerEntry
from services.notify.domain.messages import Claimant, Claimed, Fate
from services.notify.domain.pace import Pace
from services.notify.domain.receipts import Receipt
from services.notify.domain.values import EMAIL, SMS
from services.notify.ports.handing import Call
from shared.db import Connection


class PostgresDesk:
    """Fulfils `Desk`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def claim(
        self,
        lane: str,
        who: Claimant,
        providers: Mapping[str, str],
        now: datetime,
        most: int,
        paces: Sequence[Pace] = (),
    ) -> Sequence[Claimed]:
        values = {"lane": lane, "now": now, "sms": providers[SMS], "email": providers[EMAIL]}
        mine = [p for p in paces if p.provider in providers.values()]
        with self._conn.cursor(row_factory=class_row(Due)) as cursor:
            reach = most * 4 if any(p.per_second for p in mine) else most
            due = cursor.execute(_DUE, values | {"most": reach}).fetchall()
        chosen = share_out(self._conn, due, mine, lane, now, most) if due else []
        if not chosen:
            return []
        claim = {
            "ids": [one.id for one, _ in chosen],
            "providers": [one.provider for one, _ in chosen],
            "senders": [sender for _, sender in chosen],
            "trials": [one.trial for one, _ in chosen],
            "now": now,
            "instance": who.instance,
            "boot": who.boot,
        }
        return sorted(self._claimed(_CLAIM, claim), key=lambda m: m.id)

    def refuse_opted_out(self, lane: str, now: datetime) -> Sequence[Claimed]:
        return self._these(refuse_opted_out(self._conn, lane, now))

    def refuse_unproven(self, lane: str, now: datetime) -> Sequence[Claimed]:
        return self._these(refuse_unproven(self._conn, lane, now))

    def _these(self, ids: Sequence[str]) -> Sequence[Claimed]:
        return self._claimed(_THESE, {"ids": ids}) if ids else []

    def drop_overtaken(self, now: datetime) -> None:
        self._conn.execute(_DROP_OVERTAKEN, {"now": now})

    def expire(self, now: datetime, most: int) -> Sequence[Claimed]:
        return self._claimed(_EXPIRE, {"now": now, "most": most})

    def stranded(self, who: Claimant, since: datetime, most: int) -> Sequence[Claimed]:
        values = {"instance": who.instance, "boot": who.boot, "since": since, "most": most}
        return self._claimed(_STRANDED, values)

    def unsure(self, askable: Sequence[str], now: datetime, most: int) -> Sequence[Claimed]:
        if not askable:
            return []
        values = {"askable": list(askable), "now": now, "most": most}
        return self._claimed(_UNSURE, values)

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

    def release(self, failed: Collection[str], now: datetime) -> frozenset[str]:
        return release(self._conn, failed, now)

    def release_all(self, now: datetime) -> int:
        return release_all(self._conn, now)

    def ask_for_calls(self, calls: Sequence[Call], now: datetime) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(_CALL, [(*astuple(call), now) for call in calls])

    def opt_out(self, message: Claimed, words: str, now: datetime) -> None:
        where = (message.city, message.channel, message.to, "all")
        PostgresLedger(self._conn).opt_out(LedgerEntry(*where, True, words, "provider"), now)

    def receive(self, receipt: Receipt) -> tuple[Claimed, str, str] | None:
        values = {"id": receipt.message_id, "ref": receipt.ref, "provider": receipt.provider}
        found = self._claimed(_RECEIVE, values)
        if not found:
            return None
        row = self._conn.execute(_STANDS, (found[0].id,)).fetchone()
        return (found[0], str(row[0]), str(row[1])) if row else None

    def mark(self, message: Claimed, receipt: Receipt, now: datetime) -> None:
        values = {
            "id": message.id,
            "state": receipt.state,
            "reason": receipt.reason,
            "ref": receipt.ref,
            "now": now,
        }
        self._conn.execute(_MARK, values)

    def _claimed(self, query: str, values: Mapping[str, object]) -> list[Claimed]:
        with self._conn.cursor(row_factory=class_row(Claimed)) as cursor:
            return cursor.execute(query.encode(), values).fetchall()


_MESSAGE: Final = """m.id, m.city, m.party_id, m.template, m.channel, m.to_address as to,
    c.programme as sender_name, m.subject, m.body, m.html, m.provider, m.attempts, m.expires_at,
    m.correlation, m.audience, m.purpose, m.segments, m.sender, m.claimed_at, m.trial
"""

# On trial is what would reach a stranger in a city that no administrator has switched live.
_DUE: Final = f"""
select messages.id, channel, to_address as to, segments, w.trial,
    case when w.trial then 'outbox' else w.provider end as provider
from messages
cross join lateral (
    select p.provider, p.provider <> 'outbox' and messages.template <> 'verification'
        and not exists (select from live_cities l where l.city = messages.city)
        and not exists (
            select from staff_contacts s
            where s.city = messages.city and s.channel = messages.channel
                and s.address = messages.to_address and s.verified_at is not null
        ) as trial
    from (
        select case messages.channel when 'sms' then %(sms)s else %(email)s end as provider
    ) p
) w
where lane = %(lane)s and state = 'created' and due_at <= %(now)s and expires_at > %(now)s
    and not exists (
        select from messages newer
        where newer.city = messages.city and newer.party_id = messages.party_id
            and newer.news = messages.news and newer.revision > messages.revision
    )
    and not exists (
        select from broadcasts b
        where b.id = messages.broadcast_id and b.state in ('paused', 'stopped')
    )
    and {NOT_OPTED_OUT}
order by due_at, id limit %(most)s
for update of messages skip locked
"""

_CLAIM: Final = f"""
update messages m
set state = 'sending', attempts = m.attempts + 1, claimed_at = %(now)s, changed_at = %(now)s,
    claimed_by = %(instance)s, boot = %(boot)s, provider = k.provider, sender = k.sender,
    trial = k.trial
from unnest(%(ids)s::text[], %(providers)s::text[], %(senders)s::text[], %(trials)s::bool[])
    as k (id, provider, sender, trial), cities c
where m.id = k.id and c.id = m.city
returning {_MESSAGE}
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

_EXPIRE: Final = f"""
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
returning {_MESSAGE}"""

_THESE: Final = f"""
select {_MESSAGE}from messages m join cities c on c.id = m.city where m.id = any(%(ids)s)
"""

_STRANDED: Final = f"""
select {_MESSAGE}from messages m join cities c on c.id = m.city
where m.state = 'sending'
    and (m.claimed_at < %(since)s or (m.claimed_by = %(instance)s and m.boot <> %(boot)s))
order by m.id limit %(most)s
"""

# Whoever has not answered is asked again every ten seconds, for a day.
_UNSURE: Final = f"""
select {_MESSAGE}
from messages m join cities c on c.id = m.city
where m.state = 'unsure' and m.provider = any(%(askable)s)
    and m.changed_at < %(now)s - interval '10 s' and m.claimed_at > %(now)s - interval '1 day'
order by m.changed_at limit %(most)s
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

_CALL: Final = """
insert into calls (id, city, party_id, message_id, template, reason, created_at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (message_id) do nothing
"""

_RECEIVE: Final = f"""
select {_MESSAGE}
from messages m join cities c on c.id = m.city
where m.id = %(id)s
    or (%(ref)s <> '' and m.provider = %(provider)s and m.provider_ref = %(ref)s)
order by m.id = %(id)s desc limit 1
for update of m
"""
_STANDS: Final = "select state, provider_ref from messages where id = %s"

_MARK: Final = """
update messages
set state = %(state)s, reason = %(reason)s, changed_at = %(now)s,
    provider_ref = case %(ref)s when '' then provider_ref else %(ref)s end,
    delivered_at = case %(state)s when 'delivered' then %(now)s else delivered_at end
where id = %(id)s
"""
