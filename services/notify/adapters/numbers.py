"""Numbers that have yet to answer, and those that have, in PostgreSQL. Worker, desks, pages use it.

SQL's `may_text(city, number, consent)` is the rule itself; every list of whom to text asks it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from services.notify.adapters import book_sql
from services.notify.adapters.book import write_messages
from services.notify.adapters.city_rows import city_in, party_in
from services.notify.domain.messages import Draft
from services.notify.handlers.proving import TEMPLATE, Unproven
from shared.db import Connection

UNPROVEN: Final = "the number has not answered yet"


class PostgresNumbers:
    """Fulfils `Numbers`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def take_unproven(self, now: datetime, most: int) -> Sequence[Unproven]:
        rows: Any = self._conn.execute(_UNPROVEN, {"now": now, "most": most}).fetchall()
        return [Unproven(city_in(row), party_in(row)) for row in rows]

    def write(self, drafts: Sequence[Draft], now: datetime) -> None:
        write_messages(self._conn, drafts, now)


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


# As `book_sql.PARTY`, with the consent as it was given.
_PARTY: Final = book_sql.PARTY.replace(book_sql.MAY_TEXT, "p.sms_consent")

_UNPROVEN: Final = f"""
select {book_sql.CITY}, {_PARTY}
from live_cities l join cities c on c.id = l.city join parties p on p.city = c.id
where p.sms_consent and p.phone <> '' and not p.withdrawn and c.evening_closes > %(now)s
    and not may_text(p.city, p.phone, true)
    and not exists (select from messages m where m.dedupe = p.city || '/prove/' || p.phone)
order by p.id limit %(most)s
for update of p skip locked
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
