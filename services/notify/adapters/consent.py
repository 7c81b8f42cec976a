"""The ledger of consent in PostgreSQL, and the check of it that every send passes.

The newest entry of an address and purpose holds, whichever city wrote it; "all" is every purpose.
"""

from datetime import datetime
from typing import Final

from services.notify.answer_ports import LedgerEntry
from shared.db import Connection

OPTED_OUT: Final = "opted out"


class PostgresLedger:
    """Fulfils `Ledger`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def note(self, entry: LedgerEntry, now: datetime) -> None:
        """Add it as it is: staff says in whose words, though it may stand so already."""
        self._conn.execute(_NOTE, _values(entry, now) | {"opted_out": entry.opted_out})

    def opt_out(self, entry: LedgerEntry, now: datetime) -> None:
        new = self._conn.execute(_OPT_OUT, _values(entry, now)).rowcount
        if new and entry.purpose == "all":
            self._conn.execute(_DROP_ANSWERS, _values(entry, now))

    def restore(self, entry: LedgerEntry, now: datetime) -> None:
        self._conn.execute(_RESTORE, _values(entry, now))


def refuse_opted_out(conn: Connection, lane: str, now: datetime) -> list[str]:
    """Hold back what is due for who opted out; returns the ids of it."""
    values = {"lane": lane, "now": now, "reason": OPTED_OUT}
    return [str(row[0]) for row in conn.execute(_REFUSE, values).fetchall()]


def is_opted_out(conn: Connection, channel: str, address: str, purpose: str = "all") -> bool:
    """Whether nothing for the purpose, or for any, may go to the address."""
    row = conn.execute(_IS_OUT, {"channel": channel, "address": address, "purpose": purpose})
    return row.fetchone() is not None


def _values(entry: LedgerEntry, now: datetime) -> dict[str, object]:
    return {
        "city": entry.city,
        "channel": entry.channel,
        "address": entry.address,
        "purpose": entry.purpose,
        "words": entry.words,
        "source": entry.source,
        "by": entry.by_whom,
        "now": now,
    }


_NOTE: Final = """
insert into consent_ledger
    (city, channel, address, purpose, opted_out, words, source, by_whom, at)
values (%(city)s, %(channel)s, %(address)s, %(purpose)s, %(opted_out)s, %(words)s, %(source)s,
    %(by)s, %(now)s)
"""
_OPT_OUT: Final = """
insert into consent_ledger
    (city, channel, address, purpose, opted_out, words, source, by_whom, at)
select %(city)s, %(channel)s, %(address)s, %(purpose)s, true, %(words)s, %(source)s, %(by)s, %(now)s
where not exists (
    select from opted_out o
    where o.channel = %(channel)s and lower(o.address) = lower(%(address)s)
        and o.purpose in ('all', %(purpose)s)
)
"""
_DROP_ANSWERS: Final = """
update messages set state = 'suppressed', reason = 'opted out', changed_at = %(now)s
where to_address = %(address)s and channel = %(channel)s and state = 'created'
    and purpose = 'replies'
"""
_RESTORE: Final = """
insert into consent_ledger
    (city, channel, address, purpose, opted_out, words, source, by_whom, at)
select %(city)s, channel, address, purpose, false, %(words)s, %(source)s, %(by)s, %(now)s
from opted_out
where channel = %(channel)s and lower(address) = lower(%(address)s)
"""

_IS_OUT: Final = """
select 1 from opted_out
where channel = %(channel)s and lower(address) = lower(%(address)s)
    and purpose in ('all', %(purpose)s)
"""

NOT_OPTED_OUT: Final = """
(messages.purpose = 'replies' or not exists (
    select from (values ('all'), (messages.purpose)) as wish (purpose)
    cross join lateral (
        select l.opted_out from consent_ledger l
        where l.channel = messages.channel and lower(l.address) = lower(messages.to_address)
            and l.purpose = wish.purpose
        order by l.id desc limit 1
    ) newest
    where newest.opted_out
))
"""
"""What a claim asks of each of `messages`."""

_REFUSE: Final = f"""
with due as materialized (
    select id from messages
    where lane = %(lane)s and state = 'created' and due_at <= %(now)s and not {NOT_OPTED_OUT}
    for update skip locked
)
update messages m set state = 'suppressed', reason = %(reason)s, changed_at = %(now)s
from due where m.id = due.id
returning m.id
"""
