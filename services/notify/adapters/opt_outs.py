"""Who wants nothing more: the ledger of consent as staff sees it. Desk uses it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.domain.wording import masked
from shared.db import Pool


@dataclass(frozen=True, slots=True)
class OptOut:
    """One entry of the ledger; `code` and `party` where a party has this address."""

    id: int
    city: str
    zone: str
    channel: str
    address: str
    purpose: str
    opted_out: bool
    words: str
    source: str
    by_whom: str
    at: datetime
    party_id: str
    code: str
    party: str


def read_opt_outs(pool: Pool, city: str) -> list[OptOut]:
    """Those that hold in the city, newest first, addresses masked."""
    return [_covered(entry) for entry in _read(pool, _HOLDING, {"city": city})]


def read_history(pool: Pool, city: str, entry_id: int) -> list[OptOut]:
    """Everything about the address of that entry, newest first, addresses masked."""
    return [_covered(e) for e in _read(pool, _HISTORY, {"city": city, "id": entry_id})]


def read_entry(pool: Pool, city: str, entry_id: int) -> OptOut | None:
    """One entry with its whole address: for who has a reason, which the audit log keeps."""
    return next(iter(_read(pool, _ONE, {"city": city, "id": entry_id})), None)


def _read(pool: Pool, query: str, values: dict[str, object]) -> list[OptOut]:
    with pool.connection() as conn, conn.cursor(row_factory=class_row(OptOut)) as cursor:
        return cursor.execute(query.encode(), values).fetchall()


def _covered(entry: OptOut) -> OptOut:
    return replace(entry, address=masked(entry.channel, entry.address))


_SELECT: Final = """
select l.id, l.city, c.zone, l.channel, l.address, l.purpose, l.opted_out, l.words, l.source,
    l.by_whom, l.at, coalesce(p.id, '') as party_id, coalesce(p.code, '') as code,
    coalesce(nullif(p.name, ''), p.address, '') as party
from consent_ledger l
join cities c on c.id = l.city
left join lateral (
    select id, code, name, address from parties
    where parties.city = l.city
        and case l.channel when 'sms' then parties.phone = l.address
            else lower(parties.email) = lower(l.address) end
    order by withdrawn, id desc limit 1
) p on true
where l.city = %(city)s
"""
# The newest entry of an address and purpose holds, whichever city wrote it.
_HOLDING: Final = (
    _SELECT
    + """
    and l.opted_out and not exists (
        select from consent_ledger newer
        where newer.channel = l.channel and lower(newer.address) = lower(l.address)
            and newer.purpose = l.purpose and newer.id > l.id)
order by l.id desc limit 500
"""
)
_HISTORY: Final = (
    _SELECT
    + """
    and (l.channel, lower(l.address)) = (
        select channel, lower(address) from consent_ledger where id = %(id)s and city = %(city)s)
order by l.id desc limit 200
"""
)
_ONE: Final = _SELECT + "and l.id = %(id)s"
