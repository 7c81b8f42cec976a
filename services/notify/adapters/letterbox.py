"""The `Letterbox` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from services.notify.adapters.book import PostgresBook, write_messages
from services.notify.adapters.book_sql import CITY
from services.notify.adapters.city_rows import city_in
from services.notify.adapters.numbers import prove
from services.notify.domain.inbound import Candidate, Incoming, Officer, Sender, Verdict
from services.notify.domain.keywords import Understood
from services.notify.domain.messages import Draft
from services.notify.domain.values import SMS, City
from shared.db import Connection

COUNTED = timedelta(hours=1)
SOOTHED = timedelta(hours=12)
STAFF_LASTS = timedelta(hours=48)
ASKED_LASTS = timedelta(days=14)


class PostgresLetterbox:
    """Fulfils `Letterbox`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def begin(self, text: Incoming) -> bool:
        self._conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7))", (text.sender,))
        known = self._conn.execute(
            "select from inbound where provider = %s and provider_ref = %s",
            (text.provider, text.ref),
        )
        return known.fetchone() is None

    def sender(self, text: Incoming, now: datetime) -> Sender:
        values: dict[str, object] = {
            "to": text.sender,
            "channel": text.channel,
            "now": now,
            "counted": now - COUNTED,
            "soothed": now - SOOTHED,
            "staffed": now - STAFF_LASTS,
            "asked": now - ASKED_LASTS,
        }
        known: Any = self._conn.execute(_KNOWN, values).fetchone()
        opted_out, replies, staff_at, soothed = known
        return Sender(
            hosts=self._hosts(values),
            officer=self._officer(values),
            home=self._home(values),
            opted_out=opted_out,
            replies=replies,
            staff_at=staff_at,
            soothed=soothed,
        )

    def keep(self, id_: str, text: Incoming, said: Understood, verdict: Verdict) -> None:
        party_id = verdict.about.party.id if verdict.about else ""
        values = {
            "id": id_,
            "city": verdict.city.id if verdict.city else "",
            "provider": text.provider,
            "ref": text.ref,
            "channel": text.channel,
            "sender": text.sender,
            "to": text.to,
            "party": party_id,
            "team": verdict.team_id,
            "body": text.body,
            "meaning": str(verdict.meaning),
            "state": verdict.state,
            "at": text.at,
            "candidates": list(verdict.candidates),
            "minutes": said.minutes,
            "language": said.language,
        }
        self._conn.execute(_KEEP, values)

    def confirm(self, city: str, party_id: str, answer: str, now: datetime, source: str) -> None:
        self._conn.execute(_CONFIRM, (city, party_id, answer, now, source))

    def prove(self, text: Incoming, now: datetime) -> bool:
        return text.channel == SMS and prove(self._conn, text.sender, "wrote to us", now)

    def write(self, drafts: Sequence[Draft]) -> None:
        write_messages(self._conn, drafts)

    def note_silence(self, verdict: Verdict, now: datetime) -> None:
        if verdict.about:
            party = verdict.about.party
            row = (party.city, party.id, "reply", 0, verdict.unsaid, now)
            self._conn.execute(_SILENCE, row)

    def _hosts(self, values: dict[str, object]) -> tuple[Candidate, ...]:
        rows: Any = self._conn.execute(_HOSTS, values).fetchall()
        asked = {(city, party): at for city, party, at in rows}
        book, found = PostgresBook(self._conn), list[Candidate]()
        for city in sorted({city for city, _ in asked}):
            for one in book.find(city, [party for of, party in asked if of == city]):
                at = asked[city, one.party.id]
                found.append(Candidate(one.city, one.party, one.span, at))
        return tuple(found)

    def _officer(self, values: dict[str, object]) -> Officer | None:
        row: Any = self._conn.execute(_OFFICER, values).fetchone()
        return Officer(*row) if row else None

    def _home(self, values: dict[str, object]) -> City | None:
        row: Any = self._conn.execute(_HOME.encode(), values).fetchone()
        return city_in(row) if row else None


def city_known(conn: Connection, city: str) -> City | None:
    """The city, None where it is not known."""
    row: Any = conn.execute(f"{_CITY}where c.id = %s".encode(), (city,)).fetchone()
    return city_in(row) if row else None


_CITY: Final = f"select {CITY} from cities c\n"

_HOSTS: Final = """
select p.city, p.id,
    (select max(m.created_at) from messages m
        where m.city = p.city and m.party_id = p.id and m.audience = 'host'
            and m.template like 'confirm%%' and m.created_at > %(asked)s
            and m.state in ('sending', 'sent', 'delivered', 'unsure'))
from parties p
where case %(channel)s when 'sms' then p.phone = %(to)s
    else lower(p.email) = lower(%(to)s) and p.email <> '' end
order by p.id desc limit 50
"""

_KNOWN: Final = """
select
    exists (select from opted_out
        where channel = %(channel)s and lower(address) = lower(%(to)s) and purpose = 'all'),
    (select count(*) from messages where to_address = %(to)s and purpose = 'replies'
        and template <> 'answer' and created_at > %(counted)s),
    (select max(created_at) from messages where to_address = %(to)s and template = 'answer'
        and created_at > %(staffed)s),
    exists (select from messages where to_address = %(to)s and template = 'reply_other'
        and created_at > %(soothed)s)
"""

_OFFICER: Final = """
select t.city, t.team_id, coalesce(m ->> 'language', '')
from teams t cross join lateral jsonb_array_elements(t.members) m
where m ->> 'phone' = %(to)s
order by t.closes < %(now)s, abs(extract(epoch from t.opens - %(now)s)) limit 1
"""

# The city that wrote to the number last, else the one whose evening is nearest.
_HOME: Final = (
    _CITY
    + """
left join lateral (
    select max(created_at) as at from messages m where m.to_address = %(to)s and m.city = c.id
) written on true
order by written.at desc nulls last, c.evening_closes < %(now)s,
    abs(extract(epoch from c.evening_opens - %(now)s)), c.id
limit 1
"""
)

_KEEP: Final = """
insert into inbound (id, city, provider, provider_ref, channel, from_address, to_address, party_id,
    team_id, body, meaning, state, received_at, candidates, minutes, language)
values (%(id)s, %(city)s, %(provider)s, %(ref)s, %(channel)s, %(sender)s, %(to)s, %(party)s,
    %(team)s, %(body)s, %(meaning)s, %(state)s, %(at)s, %(candidates)s, %(minutes)s, %(language)s)
"""

_CONFIRM: Final = """
insert into confirmations (city, party_id, answer, at, source) values (%s, %s, %s, %s, %s)
"""

_SILENCE: Final = """
insert into silences (city, party_id, news, revision, reason, at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing
"""
