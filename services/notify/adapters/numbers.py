"""Numbers that have yet to answer, and those that have, in PostgreSQL. Worker, desks, pages use it.

SQL's `may_text(city, number, consent)` is the rule itself; every list of whom to text asks it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from services.notify.adapters import book_sql
from services.notify.adapters.book import write_messages
from services.notify.adapters.city_rows import city_in, party_in
from services.notify.adapters.consent import is_opted_out
from services.notify.domain.codes import Code
from services.notify.domain.messages import Draft
from services.notify.domain.values import SMS, City, Party
from services.notify.handlers.proving import TEMPLATE
from services.notify.ports.proving import KnownNumber, Unproven
from shared.db import Connection
from shared.ids import number_id

UNPROVEN: Final = "the number has not answered yet"
BY_CODE: Final = "typed the code"


class PostgresNumbers:
    """Fulfils `Numbers`."""

    def __init__(self, conn: Connection, secret: str) -> None:
        self._conn = conn
        self._secret = secret

    def take_unasked(self, now: datetime, most: int) -> Sequence[Unproven]:
        rows: Any = self._conn.execute(_UNASKED, {"now": now, "most": most}).fetchall()
        found = {(row[0], party_in(row).phone): row for row in reversed(rows)}
        if not found:
            return []
        known = self._make_known(sorted(found))
        codes = self._codes([number.phone for number in known])
        return [_unproven(n, found[n.city, n.phone], codes.get(n.phone)) for n in known]

    def take_changed(self, most: int) -> Sequence[tuple[KnownNumber, str]]:
        rows: Any = self._conn.execute(_CHANGED, (most,)).fetchall()
        return [(KnownNumber(*row[:5]), row[5]) for row in rows]

    def hold(self, city: str, number_id: str) -> KnownNumber | None:
        row: Any = self._conn.execute(_HOLD, (city, number_id)).fetchone()
        return KnownNumber(*row) if row else None

    def told(self, number: KnownNumber) -> None:
        self._conn.execute(_TOLD, (number.revision, number.told, number.id))

    def code(self, phone: str) -> Code | None:
        row: Any = self._conn.execute(_CODE, (phone,)).fetchone()
        return _code(row) if row else None

    def keep_code(self, code: Code) -> None:
        values = (code.phone, code.salt, code.goes_at, code.good_until, code.tries, [*code.made])
        self._conn.execute(_KEEP_CODE, values)

    def drop_text(self, dedupe: str) -> None:
        self._conn.execute(_DROP_TEXT, (dedupe,))

    def is_proven(self, phone: str) -> bool:
        row = self._conn.execute("select from proven_numbers where phone = %s", (phone,))
        return row.fetchone() is not None

    def is_opted_out(self, phone: str) -> bool:
        return is_opted_out(self._conn, SMS, phone)

    def asks(self, city: str) -> bool:
        row = self._conn.execute("select asks_numbers(%s)", (city,)).fetchone()
        return bool(row and row[0])

    def prove(self, phone: str, now: datetime) -> None:
        prove(self._conn, phone, BY_CODE, now)

    def asker(self, number: KnownNumber, party_id: str) -> tuple[City, Party] | None:
        row: Any = self._conn.execute(_ASKER, (number.city, party_id, number.phone)).fetchone()
        return (city_in(row), party_in(row)) if row else None

    def write(self, draft: Draft, now: datetime) -> None:
        write_messages(self._conn, [draft], now)

    def _make_known(self, keys: Sequence[tuple[str, str]]) -> list[KnownNumber]:
        """Those that nobody else made known meanwhile."""
        cities, phones = [city for city, _ in keys], [phone for _, phone in keys]
        ids = [number_id(self._secret, city, phone) for city, phone in keys]
        rows: Any = self._conn.execute(_MAKE_KNOWN, (ids, cities, phones)).fetchall()
        return [KnownNumber(*row) for row in rows]

    def _codes(self, phones: Sequence[str]) -> dict[str, Code]:
        rows: Any = self._conn.execute(_CODES, (list(phones),)).fetchall()
        return {row[0]: _code(row) for row in rows}


def prove(conn: Connection, phone: str, how: str, now: datetime) -> bool:
    """Note that the number has answered, and decide anew what waited; whether that is news."""
    if not conn.execute(_PROVE, (phone, how, now)).rowcount:
        return False
    conn.execute(_WELCOME_AGAIN, (phone,))
    conn.execute(_DECIDE_AGAIN, {"phone": phone, "now": now})
    return True


def refuse_unproven(conn: Connection, lane: str, now: datetime) -> list[str]:
    """Hold back what was written before the rule held, as while the city was on trial.

    Returns the ids of it.
    """
    rows = conn.execute(_REFUSE, {"lane": lane, "now": now, "reason": UNPROVEN}).fetchall()
    return [str(row[0]) for row in rows]


def is_trusting(conn: Connection, city: str) -> bool:
    """Whether the city texts numbers that have not answered."""
    row = conn.execute("select from trusting_cities where city = %s", (city,)).fetchone()
    return row is not None


def set_trusting(conn: Connection, city: str, trusting: bool, who: str, now: datetime) -> None:
    """Let the city text numbers that have not answered, or stop it from that."""
    if trusting:
        conn.execute(
            "insert into trusting_cities values (%s, %s, %s) on conflict do nothing",
            (city, now, who),
        )
    else:
        conn.execute("delete from trusting_cities where city = %s", (city,))


def _unproven(number: KnownNumber, row: Sequence[Any], code: Code | None) -> Unproven:
    return Unproven(number, city_in(row), party_in(row), row[-2], row[-1], code)


def _code(row: Sequence[Any]) -> Code:
    phone, salt, goes_at, good_until, tries, made = row
    return Code(phone, salt, goes_at, good_until, tries, tuple(made))


# As `book_sql.PARTY`, with the consent as it was given.
_PARTY: Final = book_sql.PARTY.replace(book_sql.MAY_TEXT, "p.sms_consent")

# Nothing is locked: a number is made known once, whoever is first.
_UNASKED: Final = f"""
select {book_sql.CITY}, {_PARTY},
    exists (select from proven_numbers n where n.phone = p.phone) as proven,
    exists (select from messages m where m.dedupe = p.city || '/prove/' || p.phone) as asked_before
from cities c join parties p on p.city = c.id
where asks_numbers(c.id) and c.evening_closes > %(now)s
    and p.sms_consent and p.phone <> '' and not p.withdrawn
    and not exists (select from numbers n where n.city = p.city and n.phone = p.phone)
order by p.city, p.phone, p.id limit %(most)s
"""
_MAKE_KNOWN: Final = """
insert into numbers (id, city, phone, revision, told)
select u.id, u.city, u.phone, 0, ''
from unnest(%s::text[], %s::text[], %s::text[]) as u (id, city, phone)
on conflict (id) do update set phone = excluded.phone where numbers.phone = ''
returning id, city, phone, revision, told
"""
_CHANGED: Final = """
with asking as materialized (select id from cities where asks_numbers(id))
select n.id, n.city, n.phone, n.revision, n.told, s.state
from numbers n
left join proven_numbers p on p.phone = n.phone
left join asking a on a.id = n.city
cross join lateral (select case when p.phone is not null then 'proven'
    when a.id is not null then 'asked' else 'excused' end) s (state)
where n.told not in ('', 'proven')
    and s.state <> case n.told when 'refused' then 'asked' else n.told end
order by n.id limit %s
for update of n skip locked
"""
_HOLD: Final = """
select id, city, phone, revision, told from numbers
where city = %s and id = %s and phone <> '' for update
"""
_TOLD: Final = "update numbers set revision = %s, told = %s where id = %s"
_COLUMNS: Final = "phone, salt, goes_at, good_until, tries, made"
_CODE: Final = f"select {_COLUMNS} from number_codes where phone = %s for update"
_CODES: Final = f"select {_COLUMNS} from number_codes where phone = any(%s)"
_KEEP_CODE: Final = f"""
insert into number_codes ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s)
on conflict (phone) do update set salt = excluded.salt, goes_at = excluded.goes_at,
    good_until = excluded.good_until, tries = excluded.tries, made = excluded.made
"""
_DROP_TEXT: Final = """
update messages set state = 'suppressed', reason = 'overtaken by newer news'
where dedupe = %s and state = 'created'
"""
_ASKER: Final = f"""
select {book_sql.CITY}, {_PARTY}
from cities c join parties p on p.city = c.id
where p.city = %s and p.id = %s and p.phone = %s and p.sms_consent and not p.withdrawn
"""

_PROVE: Final = """
insert into proven_numbers (phone, how, at) values (%s, %s, %s) on conflict do nothing
"""
_WELCOME_AGAIN: Final = "update parties set welcome_due = true where phone = %s and not withdrawn"
_DECIDE_AGAIN: Final = """
update visits v set settles_at = %(now)s, unsettled_since = %(now)s
from told t join parties p on p.city = t.city and p.id = t.party_id
where p.phone = %(phone)s and t.news = 'visit' and not t.reached and v.settles_at is null
    and v.city = t.city and v.party_id = t.party_id
"""

_REFUSE: Final = f"""
update messages m set state = 'suppressed', reason = %(reason)s,
    changed_at = %(now)s
where m.lane = %(lane)s and m.state = 'created' and m.due_at <= %(now)s and m.channel = 'sms'
    and m.audience = 'host' and m.purpose <> 'replies' and m.template <> '{TEMPLATE}'
    and not may_text(m.city, m.to_address, true)
returning m.id
"""
