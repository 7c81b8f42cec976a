"""Reads messages for pages and the API: addresses masked, and the words of what really went out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row, scalar_row

from services.notify.adapters.sandbox import NAME as SANDBOX
from services.notify.domain.codes import hidden
from services.notify.domain.wording import masked
from shared.db import Pool
from shared.grants import EVERYWHERE

HIDDEN = "The words of messages that went to people are not shown here."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages to read, newest first; empty text is 'any', but only `within` these cities."""

    city: str = ""
    state: str = ""
    channel: str = ""
    party: str = ""
    before: str = ""
    limit: int = 50
    within: tuple[str, ...] = ()
    template: str = ""
    team: str = ""
    area: str = ""
    audience: str = ""
    lane: str = ""
    text: str = ""
    reserve: bool = True
    """Also what waits in reserve, until its first way has failed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it is shown."""

    id: str
    city: str
    city_name: str
    programme: str
    zone: str
    party_id: str
    code: str
    party_name: str
    audience: str
    team_id: str
    news: str
    template: str
    version: str
    channel: str
    to: str
    language: str
    subject: str
    body: str
    html: str
    lane: str
    state: str
    reason: str
    created_at: datetime
    changed_at: datetime
    due_at: datetime
    expires_at: datetime
    attempts: int
    provider: str
    correlation: str
    trial: bool
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """A decision not to speak."""

    news: str
    revision: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CityName:
    """A city to choose from."""

    id: str
    name: str


class Reading:
    """Reads through `pool`; `providers` says who takes the messages not yet handed over."""

    def __init__(self, pool: Pool, providers: Mapping[str, str]) -> None:
        self._pool = pool
        self._providers = providers

    def messages(self, wanted: Wanted) -> list[Shown]:
        """The newest messages that are wanted."""
        return [self._cover(m) for m in self._rows(_LIST, _values(wanted))]

    def message(self, message_id: str) -> Shown | None:
        """One message, None where there is none."""
        found = self._rows(_ONE, {"id": message_id})
        return self._cover(found[0]) if found else None

    def address(self, message_id: str) -> str:
        """Where the message goes, unmasked: for who has a reason, which the audit log keeps."""
        found = self._rows(_ONE, {"id": message_id})
        return found[0].to if found else ""

    def counts(self, wanted: Wanted) -> dict[str, int]:
        """How many messages each state has, whatever state is wanted."""
        with self._pool.connection() as conn:
            rows = conn.execute(_COUNTS, _values(wanted)).fetchall()
        return {str(state): int(str(number)) for state, number in rows}

    def stamp(self, wanted: Wanted) -> str:
        """A text that changes whenever what `messages` returns may have changed."""
        with self._pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            return str(cursor.execute(_STAMP, _values(wanted)).fetchone())

    def cities(self) -> list[CityName]:
        """Every city, by name."""
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(CityName)) as c:
            return c.execute("select id, name from cities order by name").fetchall()

    def silences(self, city: str, party_id: str) -> list[Quiet]:
        """When and why the party's host was not told something, newest first."""
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(Quiet)) as c:
            return c.execute(_SILENCES, (city, party_id)).fetchall()

    def sandboxed(self) -> frozenset[str]:
        """The channels whose messages stay here."""
        return frozenset(c for c, provider in self._providers.items() if provider == SANDBOX)

    def _rows(self, query: str, values: Mapping[str, object]) -> Sequence[Shown]:
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(Shown)) as cursor:
            return cursor.execute(query.encode(), values).fetchall()

    def _cover(self, message: Shown) -> Shown:
        to, body = masked(message.channel, message.to), hidden(message.body)
        message = replace(message, to=to, body=body)
        provider = message.provider or self._providers.get(message.channel, SANDBOX)
        if provider == SANDBOX:
            return message
        return replace(message, body=HIDDEN, html="")


def _values(wanted: Wanted) -> dict[str, object]:
    return {
        "city": wanted.city,
        "state": wanted.state,
        "channel": wanted.channel,
        "party": wanted.party,
        "code": wanted.party.upper(),
        "template": wanted.template,
        "team": wanted.team,
        "area": wanted.area,
        "audience": wanted.audience,
        "lane": wanted.lane,
        "reserve": wanted.reserve,
        "text": wanted.text.strip(),
        "like": _like(wanted.text.strip()),
        "before": wanted.before,
        "limit": wanted.limit,
        "everywhere": EVERYWHERE in wanted.within,
        "within": list(wanted.within),
    }


def _like(text: str) -> str:
    """A pattern that finds `text` anywhere, whatever signs it holds."""
    quoted = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{quoted}%"


_SELECT: Final = """
select m.id, m.city, c.name as city_name, c.programme, c.zone, m.party_id,
    coalesce(p.code, '') as code, coalesce(p.name, '') as party_name, m.audience, m.team_id, m.news,
    m.template, m.version, m.channel, m.to_address as to,
    m.language, m.subject,
    coalesce((select s.body from sandbox s where s.message_id = m.id and m.template = 'prove'),
        m.body) as body, m.html, m.lane, m.state, m.reason, m.created_at, m.changed_at,
    m.due_at, m.expires_at, m.attempts, m.provider, m.correlation,
    m.trial, m.delivered_at
"""
_FROM: Final = """
from messages m
join cities c on c.id = m.city
left join parties p on p.city = m.city and p.id = m.party_id
"""
_FILTER: Final = """
where (%(everywhere)s or m.city = any(%(within)s))
    and (%(city)s = '' or m.city = %(city)s)
    and (%(channel)s = '' or m.channel = %(channel)s)
    and (%(reserve)s or m.state <> 'suppressed' or m.reason <> 'in reserve')
    and (%(party)s = '' or m.party_id = %(party)s or p.code = %(code)s)
    and (%(template)s = '' or m.template = %(template)s)
    and (%(audience)s = '' or m.audience = %(audience)s)
    and (%(lane)s = '' or m.lane = %(lane)s)
    and (%(area)s = '' or p.area = %(area)s)
    and (%(text)s = '' or p.code ilike %(like)s or p.name ilike %(like)s
        or p.address ilike %(like)s)
    and (%(team)s = '' or m.team_id = %(team)s or exists (
        select from routes r
        where r.city = m.city and r.team_id = %(team)s
            and r.stops @> jsonb_build_array(jsonb_build_object('party_id', m.party_id))))
"""
_STATE: Final = "and (%(state)s = '' or m.state = %(state)s)\n"
_LIST: Final = (
    _SELECT
    + _FROM
    + _FILTER
    + _STATE
    + "and (%(before)s = '' or m.id < %(before)s) order by m.id desc limit %(limit)s"
)
_ONE: Final = _SELECT + _FROM + "where m.id = %(id)s"
_COUNTS: Final = "select m.state, count(*)" + _FROM + _FILTER + "group by m.state"
_STAMP: Final = "select concat(count(*), '/', max(m.changed_at))" + _FROM + _FILTER + _STATE
_SILENCES: Final = """
select news, revision, reason, at from silences where city = %s and party_id = %s
order by at desc limit 50
"""
