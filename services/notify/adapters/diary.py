"""The `Diary` in PostgreSQL, within the transaction of the connection it is given."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import Cursor

from services.notify.adapters.book_sql import CITY, PARTY
from services.notify.adapters.city_rows import city_in, party_in
from services.notify.domain.reminders import Ended, Slot
from services.notify.domain.values import City
from services.notify.ports.telling import Due
from shared.db import Connection


class PostgresDiary:
    """Fulfils `Diary`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def cities(self) -> Sequence[City]:
        with self._conn.cursor(row_factory=_city_row) as cursor:
            return cursor.execute(_CITIES).fetchall()

    def make_slot(self, city: str, slot: Slot, now: datetime) -> None:
        values = {
            "city": city,
            "kind": slot.kind,
            "mark": slot.mark,
            "at": slot.at,
            "until": slot.until,
            "now": now,
        }
        if self._conn.execute(_MAKE_SLOT, values).fetchone():
            self._conn.execute(_MAKE_DUE, values)

    def take_due(self, now: datetime, most: int) -> Sequence[Due]:
        with self._conn.cursor(row_factory=_due_row) as cursor:
            return cursor.execute(_TAKE_DUE, (now, most)).fetchall()

    def decided(self, dues: Sequence[Due], now: datetime) -> None:
        rows = [(now, d.city.id, d.party.id, d.slot.kind, d.slot.mark) for d in dues]
        with self._conn.cursor() as cursor:
            cursor.executemany(_DECIDED, rows)

    def call_off(self, city: str, at: datetime) -> None:
        self._conn.execute(_CALL_OFF, (at, city))


def _city_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], City]:
    return city_in


def _due_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Due]:
    return lambda row: Due(
        city_in(row), party_in(row), Slot(*row[27:31]), Ended(*row[31:34]), row[34]
    )


_CITIES: Final = f"select {CITY} from cities c order by c.id"

_MAKE_SLOT: Final = """
insert into slots (city, kind, mark, made_at) values (%(city)s, %(kind)s, %(mark)s, %(now)s)
on conflict do nothing
returning city
"""

_MAKE_DUE: Final = """
insert into due (city, party_id, kind, mark, at, until)
select city, id, %(kind)s, %(mark)s, %(at)s, %(until)s
from parties
where city = %(city)s and known_since < %(at)s and not withdrawn
on conflict do nothing
"""

# An answer to another date is no answer to this one; and a window names a date, but does not say
# that it is a new one.
_TAKE_DUE: Final = f"""
select {CITY},
    {PARTY},
    d.kind, d.mark, d.at, d.until,
    exists (select from done where done.city = d.city and done.party_id = d.party_id
        and done.state in ('there', 'visited')) as visited,
    coalesce((select answer from confirmations a where a.city = d.city
        and a.party_id = d.party_id and a.at >= c.dated_at order by a.at desc limit 1), ''),
    exists (select from called_off o where o.city = d.city
        and o.date = (c.evening_opens at time zone c.zone)::date) as called_off,
    (select m.says_date from messages m where m.city = d.city and m.party_id = d.party_id
        and m.audience = 'host' and m.news in ('received', 'confirm', 'new_date')
        and m.says_date is not null
        and m.state in ('created', 'sending', 'sent', 'delivered', 'unsure')
        order by m.id desc limit 1)
from due d
join cities c on c.id = d.city
join parties p on p.city = d.city and p.id = d.party_id
where d.decided_at is null and d.at <= %s
order by d.at, d.city, d.party_id
limit %s
for update of d, p skip locked
"""

_DECIDED: Final = """
update due set decided_at = %s where city = %s and party_id = %s and kind = %s and mark = %s
"""

_CALL_OFF: Final = """
insert into called_off (city, date, at)
select id, (evening_opens at time zone zone)::date, %s from cities where id = %s
on conflict do nothing
"""
