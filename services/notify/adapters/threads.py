"""All that was said to a party's host, not said, and written by them, as one thread. For pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.domain.wording import masked, veiled
from shared.db import Connection, Pool

SAID, UNSAID, WRITTEN, CALLED, CHOSEN = ("said", "unsaid", "written", "called", "chosen")


@dataclass(frozen=True, slots=True)
class Host:
    """The party whose thread it is; addresses masked. `asked`: its number has to be `proven`."""

    city: str
    city_name: str
    zone: str
    id: str
    code: str
    name: str
    address: str
    area: str
    host_name: str
    phone: str
    email: str
    language: str
    sms_consent: bool
    asked: bool
    proven: bool
    withdrawn: bool
    opens: datetime | None
    closes: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the thread; what does not apply to its `kind` is empty."""

    kind: str
    at: datetime
    id: str
    channel: str
    to: str
    template: str
    subject: str
    words: str
    language: str
    state: str
    reason: str
    by_whom: str
    changed_at: datetime | None
    delivered_at: datetime | None
    trial: bool


def read_host(pool: Pool, city: str, party_id: str) -> Host | None:
    """The party, None where there is none."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Host)) as cursor:
        found = cursor.execute(_HOST, {"city": city, "party": party_id}).fetchone()
    if found is None:
        return None
    phone = masked("sms", found.phone) if found.phone else ""
    email = masked("email", found.email) if found.email else ""
    return replace(found, phone=phone, email=email)


def read_thread(pool: Pool, city: str, party_id: str) -> list[Item]:
    """Everything, newest last."""
    values = {"city": city, "party": party_id}
    with pool.connection() as conn:
        found = [item for query in _PARTS for item in _items(conn, query, values)]
    return sorted(found, key=lambda item: (item.at, item.id))


def _items(conn: Connection, query: str, values: Mapping[str, object]) -> Sequence[Item]:
    with conn.cursor(row_factory=class_row(Item)) as cursor:
        found = cursor.execute(query.encode(), values).fetchall()
    return [
        replace(i, to=masked(i.channel, i.to) if i.to else "", words=veiled(i.words)) for i in found
    ]


_HOST: Final = """
select p.city, c.name as city_name, c.zone, p.id, p.code, p.name, p.address,
    coalesce((select nullif(a ->> 'name', '') from jsonb_array_elements(c.areas) a
        where a ->> 'code' = p.area limit 1), p.area) as area, p.host_name,
    p.phone, p.email, p.language, p.sms_consent,
    exists (select from numbers n where n.city = p.city and n.phone = p.phone
        and n.told <> 'excused') as asked,
    exists (select from proven_numbers n where n.phone = p.phone) as proven,
    p.withdrawn, v.opens, v.closes
from parties p
join cities c on c.id = p.city
left join visits v on v.city = p.city and v.party_id = p.id
where p.city = %(city)s and p.id = %(party)s
"""

_MESSAGES: Final = """
select 'said' as kind, created_at as at, id, channel, to_address as to, template, subject,
    body as words, language, state, reason, '' as by_whom, changed_at, delivered_at, trial
from messages
where city = %(city)s and party_id = %(party)s and audience = 'host'
order by id desc limit 300
"""

_SILENCES: Final = """
select 'unsaid' as kind, at, news || '/' || revision as id, '' as channel, '' as to,
    news as template, '' as subject, '' as words, '' as language, '' as state, reason,
    '' as by_whom, null::timestamptz as changed_at, null::timestamptz as delivered_at,
    false as trial
from silences where city = %(city)s and party_id = %(party)s
order by silences.at desc limit 200
"""

_INBOUND: Final = """
select 'written' as kind, received_at as at, id, channel, from_address as to, meaning as template,
    '' as subject, body as words, '' as language, state, '' as reason, closed_by as by_whom,
    closed_at as changed_at, null::timestamptz as delivered_at, false as trial
from inbound where city = %(city)s and party_id = %(party)s
order by received_at desc limit 200
"""

_CALLS: Final = """
select 'called' as kind, done_at as at, id, '' as channel, '' as to, template, '' as subject,
    note as words, '' as language, '' as state, '' as reason, done_by as by_whom,
    null::timestamptz as changed_at, null::timestamptz as delivered_at, false as trial
from calls where city = %(city)s and party_id = %(party)s and done_at is not null
"""

_LEDGER: Final = """
select 'chosen' as kind, l.at, l.id::text as id, l.channel, l.address as to, l.purpose as template,
    '' as subject, l.words, '' as language,
    case when l.opted_out then 'opted_out' else 'taken_back' end as state, l.source as reason,
    l.by_whom, null::timestamptz as changed_at, null::timestamptz as delivered_at, false as trial
from consent_ledger l
join parties p on p.city = %(city)s and p.id = %(party)s
where l.city = p.city and case l.channel when 'sms' then l.address = p.phone
    else lower(l.address) = lower(p.email) end
"""

_PARTS: Final = (_MESSAGES, _SILENCES, _INBOUND, _CALLS, _LEDGER)
