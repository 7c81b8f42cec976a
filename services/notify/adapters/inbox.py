"""What people wrote to us, as staff sees it: what is open, each with its thread. Pages read it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from psycopg.rows import class_row

from services.notify.adapters.book import PostgresBook
from services.notify.adapters.threads import Item
from services.notify.domain.values import City, Party
from services.notify.domain.wording import masked, veiled
from shared.db import Connection, Pool


@dataclass(frozen=True, slots=True)
class Written:
    """One text that came in; `who` is the host, the team, or nobody that is known."""

    id: str
    city: str
    city_name: str
    zone: str
    address: str
    body: str
    meaning: str
    state: str
    received_at: datetime
    closed_at: datetime | None
    closed_by: str
    party_id: str
    code: str
    party: str
    host_name: str
    team_id: str
    team: str
    candidates: list[str]
    language: str
    opted_out: bool
    answered_at: datetime | None

    @property
    def who(self) -> str:
        """Like "Ana Pérez, Maple Street" or "Team 4"; a stranger has no name."""
        if self.team_id:
            return self.team or f"Team {self.team_id}"
        if self.party_id:
            return ", ".join(filter(None, (self.host_name, self.party or self.code)))
        return f"{len(self.candidates)} parties have this number" if self.candidates else "Stranger"


@dataclass(frozen=True, slots=True)
class Possible:
    """A party to which a text may belong."""

    id: str
    code: str
    name: str
    host_name: str
    withdrawn: bool


def read_open(pool: Pool, city: str) -> list[Written]:
    """What waits for somebody, newest first, numbers masked."""
    return _read(pool, _OPEN, {"city": city})


def read_closed(pool: Pool, city: str, since: datetime) -> list[Written]:
    """What somebody closed lately, newest first, numbers masked."""
    return _read(pool, _CLOSED, {"city": city, "since": since})


def read_text(pool: Pool, city: str, id_: str, *, whole: bool = False) -> Written | None:
    """One of them; with its `whole` number only for who has a reason, which the log keeps."""
    found = _read(pool, _ONE, {"city": city, "id": id_}, whole=whole)
    return found[0] if found else None


def read_conversation(pool: Pool, text: Written) -> list[Item]:
    """All that was said to its sender and written by it in the city, newest last."""
    found = list[Item]()
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Item)) as cursor:
        for query in (_SAID, _WROTE):
            found += cursor.execute(query.encode(), {"id": text.id}).fetchall()
    covered = (replace(i, to=masked(i.channel, i.to), words=veiled(i.words)) for i in found)
    return sorted(covered, key=lambda item: (item.at, item.id))


def read_possible(pool: Pool, text: Written, code: str = "") -> list[Possible]:
    """The parties of its sender's number, or the one with this code."""
    values = {"city": text.city, "ids": text.candidates, "code": code.upper()}
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Possible)) as cursor:
        return cursor.execute(_POSSIBLE, values).fetchall()


@dataclass(frozen=True, slots=True)
class Held:
    """A text that is being decided on; `told` counts what other services were told of it."""

    address: str
    party_id: str
    team_id: str
    body: str
    meaning: str
    minutes: int | None
    state: str
    channel: str
    received_at: datetime
    told: int
    language: str


def hold(conn: Connection, city: str, id_: str) -> Held | None:
    """The text, kept from other changes until the transaction ends."""
    row: Any = conn.execute(_HOLD, (city, id_)).fetchone()
    return Held(*row) if row else None


def known_party(conn: Connection, city: str, party_id: str) -> tuple[City, Party] | None:
    """The party with its city."""
    found = PostgresBook(conn).find(city, [party_id])
    return (found[0].city, found[0].party) if found else None


def settle(conn: Connection, id_: str, state: str, by: str, now: datetime) -> None:
    """Close it or open it again."""
    conn.execute(_SETTLE, {"id": id_, "state": state, "by": by, "now": now})


def assign(conn: Connection, id_: str, city: str, party_id: str) -> None:
    """It is about this party."""
    conn.execute(_ASSIGN, (city, party_id, id_))


def _read(
    pool: Pool, query: str, values: dict[str, object], *, whole: bool = False
) -> list[Written]:
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Written)) as cursor:
        found = cursor.execute(query.encode(), values).fetchall()
    return found if whole else [replace(w, address=masked("sms", w.address)) for w in found]


_WRITTEN: Final = """
select i.id, i.city, coalesce(c.name, i.city) as city_name, coalesce(c.zone, 'UTC') as zone,
    i.from_address as address, i.body, i.meaning, i.state, i.received_at, i.closed_at, i.closed_by,
    i.party_id, coalesce(p.code, '') as code, coalesce(nullif(p.name, ''), p.address, '') as party,
    coalesce(p.host_name, '') as host_name, i.team_id, coalesce(t.team_name, '') as team,
    i.candidates, coalesce(nullif(p.language, ''), i.language) as language,
    exists (select from opted_out o where o.channel = i.channel and o.address = i.from_address
        and o.purpose = 'all') as opted_out,
    (select max(m.created_at) from messages m where m.to_address = i.from_address
        and m.template = 'answer' and m.created_at > i.received_at) as answered_at
from inbound i
left join cities c on c.id = i.city
left join parties p on p.city = i.city and p.id = i.party_id
left join teams t on t.city = i.city and t.team_id = i.team_id
"""
# What came before any city was known is everybody's.
_OPEN: Final = (
    _WRITTEN
    + """
where i.city in (%(city)s, '') and i.state = 'open' order by i.received_at desc, i.id desc limit 200
"""
)
_CLOSED: Final = (
    _WRITTEN
    + """
where i.city in (%(city)s, '') and i.state = 'closed' and i.closed_at > %(since)s
order by i.closed_at desc limit 30
"""
)
_ONE: Final = _WRITTEN + "where i.id = %(id)s and i.city in (%(city)s, '')"

_SAID: Final = """
select 'said' as kind, m.created_at as at, m.id, m.channel, m.to_address as to, m.template,
    m.subject, m.body as words, m.language, m.state, m.reason, m.contact as by_whom, m.changed_at,
    m.delivered_at, m.trial
from inbound i join messages m on m.city = i.city
    and (m.to_address = i.from_address
        or (i.party_id <> '' and m.party_id = i.party_id and m.audience = 'host'))
where i.id = %(id)s and m.reason <> 'in reserve'
order by m.id desc limit 200
"""
_WROTE: Final = """
select 'written' as kind, w.received_at as at, w.id, w.channel, w.from_address as to,
    w.meaning as template, '' as subject, w.body as words, '' as language, w.state, '' as reason,
    w.closed_by as by_whom, w.closed_at as changed_at, null::timestamptz as delivered_at,
    false as trial
from inbound i join inbound w on w.city = i.city
    and (w.from_address = i.from_address or (i.party_id <> '' and w.party_id = i.party_id))
where i.id = %(id)s
order by w.received_at desc limit 200
"""
_POSSIBLE: Final = """
select id, code, coalesce(nullif(name, ''), address) as name, host_name, withdrawn from parties
where city = %(city)s and (id = any(%(ids)s) or (%(code)s <> '' and code = %(code)s))
order by id desc limit 20
"""
_HOLD: Final = """
select from_address, party_id, team_id, body, meaning, minutes, state, channel, received_at, told,
    language
from inbound where city in (%s, '') and id = %s for update
"""
_SETTLE: Final = """
update inbound set state = %(state)s,
    closed_by = case %(state)s when 'closed' then %(by)s else '' end,
    closed_at = case %(state)s when 'closed' then %(now)s::timestamptz end
where id = %(id)s
"""
_ASSIGN: Final = """
update inbound set city = %s, party_id = %s, told = told + 1 where id = %s
"""
