"""Whether a city is live, and whom it may reach while it is not. The delivery page uses it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import phonenumbers
from psycopg.rows import class_row

from services.notify.adapters.mail import is_address
from services.notify.adapters.numbers import is_trusting, set_trusting
from services.notify.domain.values import SMS
from services.notify.domain.verification import (
    AN_HOUR,
    LASTS,
    Expected,
    hash_of,
    is_right,
    new_code,
    words,
)
from services.notify.domain.wording import masked, one_line
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.failures import Refused
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or address of somebody of staff."""

    id: str
    channel: str
    address: str
    name: str
    added_by: str
    verified_at: datetime | None
    code_until: datetime


@dataclass(frozen=True, slots=True)
class Live:
    """Since when a city is live, and who switched it."""

    at: datetime
    by_whom: str


@dataclass(frozen=True, slots=True)
class CityDelivery:
    """All that the page shows of a city.

    `kept_back` is how many messages trial mode held; `waiting_hosts` will be told once it is live.
    `trusting`: numbers are texted that have not answered.
    """

    city: str
    name: str
    zone: str
    live: Live | None
    contacts: tuple[Contact, ...]
    kept_back: int
    waiting_hosts: int
    trusting: bool


class Delivery:
    """Reads and changes it, each change with its line in the audit log."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def read(self, city: str) -> CityDelivery | None:
        """The city's state, None where there is no such city."""
        with self._pool.connection() as conn:
            found = conn.execute("select name, zone from cities where id = %s", (city,)).fetchone()
            if found is None:
                return None
            with conn.cursor(row_factory=class_row(Live)) as cursor:
                live = cursor.execute(_LIVE, (city,)).fetchone()
            with conn.cursor(row_factory=class_row(Contact)) as cursor:
                contacts = cursor.execute(_CONTACTS, (city,)).fetchall()
            values = {"city": city, "now": self._clock.now()}
            kept = conn.execute(_KEPT, values).fetchone() or (0, 0)
            trusting = is_trusting(conn, city)
        name, zone = str(found[0]), str(found[1])
        numbers = (int(str(kept[0])), int(str(kept[1])))
        shown = tuple(replace(c, address=masked(c.channel, c.address)) for c in contacts)
        return CityDelivery(city, name, zone, live, shown, *numbers, trusting)

    def switch(self, city: str, live: bool, by: str) -> None:
        """Let the city's messages out, or keep them back again.

        Going live, hosts were told nothing of what was kept back: it is decided on anew, for an
        evening that is not over.
        """
        with self._pool.connection() as conn, conn.transaction():
            if live:
                now = self._clock.now()
                if conn.execute(_GO_LIVE, (city, now, by)).rowcount:
                    for step in (_NOT_TOLD, _WELCOME_AGAIN, _DECIDE_AGAIN):
                        conn.execute(step, {"city": city, "now": now})
            else:
                conn.execute("delete from live_cities where city = %s", (city,))
            what = "messages switched live" if live else "messages switched to trial"
            record(conn, what, city, city=city)

    def trust(self, city: str, trusting: bool, by: str) -> None:
        """Let numbers be texted that have not answered, or stop that."""
        with self._pool.connection() as conn, conn.transaction():
            set_trusting(conn, city, trusting, by, self._clock.now())
            what = "numbers taken as given" if trusting else "numbers asked to answer first"
            record(conn, what, city, city=city)

    def add(self, city: str, channel: str, typed: str, name: str, by: str) -> Contact:
        """Add a contact, or ask an unverified one again, and send it its code.

        Raises `Refused` with what is wrong with which field.
        """
        address = read_address(channel, typed)
        code, now = new_code(), self._clock.now()
        with self._pool.connection() as conn, conn.transaction():
            sent = conn.execute(_SENT_LATELY, (city, now - timedelta(hours=1))).fetchone()
            if sent and int(str(sent[0])) >= AN_HOUR:
                raise Refused("Too many codes were sent in the last hour. Please try later.")
            contact = _keep(conn, (new_id(), city, channel, address, one_line(name)[:100], by), now)
            if contact.verified_at is None:
                expected = (hash_of(contact.id, code), now + LASTS, contact.id)
                conn.execute(_EXPECT, expected)
                _send_code(conn, city, contact, code, now)
            record(conn, "delivery contact added", masked(channel, address), city=city)
        return contact

    def renew(self, city: str, contact_id: str, by: str) -> None:
        """Send a contact another code; raises `Refused`."""
        with self._pool.connection() as conn, conn.cursor(row_factory=class_row(Contact)) as cursor:
            known = cursor.execute(_CONTACTS, (city,)).fetchall()
        for contact in known:
            if contact.id == contact_id:
                self.add(city, contact.channel, contact.address, contact.name, by)

    def verify(self, city: str, contact_id: str, code: str) -> bool:
        """Whether the code is right; the contact then counts."""
        now = self._clock.now()
        with self._pool.connection() as conn, conn.transaction():
            found = conn.execute(_EXPECTED, (city, contact_id)).fetchone()
            if found is None:
                return False
            hash_, until, tries, channel, address = found
            assert isinstance(until, datetime)
            expected = Expected(str(hash_), until, int(str(tries)))
            right = is_right(contact_id, code, expected, now)
            conn.execute(_TRIED, (now if right else None, contact_id))
            if right:
                whom = masked(str(channel), str(address))
                record(conn, "delivery contact verified", whom, city=city)
        return right

    def remove(self, city: str, contact_id: str) -> None:
        """Forget the contact."""
        with self._pool.connection() as conn, conn.transaction():
            gone = conn.execute(_REMOVE, (city, contact_id)).fetchone()
            if gone:
                whom = masked(str(gone[0]), str(gone[1]))
                record(conn, "delivery contact removed", whom, city=city)


def read_address(channel: str, typed: str) -> str:
    """The number in international form, or the e-mail address; raises `Refused`."""
    text = one_line(typed)
    if channel != SMS:
        if len(text) <= 254 and is_address(text):
            return text
        raise Refused("Please check the form.", {"address": ["This is no e-mail address."]})
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Refused("Please check the form.", {"address": ["This is no telephone number."]})
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _keep(conn: Connection, values: tuple[str, ...], now: datetime) -> Contact:
    with conn.cursor(row_factory=class_row(Contact)) as cursor:
        kept = cursor.execute(_KEEP, (*values, now, now)).fetchone()
    assert kept is not None
    return kept


def _send_code(conn: Connection, city: str, contact: Contact, code: str, now: datetime) -> None:
    row = conn.execute("select programme from cities where id = %s", (city,)).fetchone()
    programme = str(row[0]) if row else ""
    id_ = new_id()
    values = {
        "id": id_,
        "city": city,
        "channel": contact.channel,
        "to": contact.address,
        "subject": "" if contact.channel == SMS else f"Your code for {programme}",
        "body": words(code, programme),
        "now": now,
        "expires": now + LASTS,
        "contact": contact.id,
    }
    conn.execute(_WRITE, values)


_LIVE: Final = "select at, by_whom from live_cities where city = %s"
_CONTACT: Final = "id, channel, address, name, added_by, verified_at, code_until"
_CONTACTS: Final = f"""
select {_CONTACT} from staff_contacts where city = %s order by name, channel, address
"""
_KEPT: Final = """
select count(*), count(distinct m.party_id) filter (
    where m.party_id <> '' and m.state <> 'suppressed' and c.evening_closes > %(now)s
) from messages m join cities c on c.id = m.city where m.city = %(city)s and m.trial
"""
# Their keys are free again, those of what was in reserve for them too.
_NOT_TOLD: Final = """
update messages m
set state = 'suppressed', dedupe = m.dedupe || '/' || m.id, changed_at = %(now)s,
    reason = case when m.trial then 'kept back: the city was on trial' else m.reason end
from cities c
where m.city = %(city)s and c.id = m.city and c.evening_closes > %(now)s and (
    (m.trial and m.state in ('sending', 'sent', 'unsure'))
    or (m.reason = 'in reserve' and m.state = 'suppressed' and exists (
        select from messages f where f.id = m.reserve_of and f.trial)))
"""
_WELCOME_AGAIN: Final = """
update parties p set welcome_due = true from cities c
where p.city = %(city)s and c.id = p.city and c.evening_closes > %(now)s and not p.withdrawn
"""
_DECIDE_AGAIN: Final = """
update visits v set settles_at = %(now)s, unsettled_since = %(now)s from cities c
where v.city = %(city)s and c.id = v.city and c.evening_closes > %(now)s and v.settles_at is null
"""
_GO_LIVE: Final = """
insert into live_cities (city, at, by_whom) values (%s, %s, %s) on conflict do nothing
"""
_SENT_LATELY: Final = """
select count(*) from messages where city = %s and template = 'verification' and created_at > %s
"""
_KEEP: Final = f"""
insert into staff_contacts
    (id, city, channel, address, name, added_by, code_hash, code_until, added_at)
values (%s, %s, %s, %s, %s, %s, '', %s, %s)
on conflict (city, channel, address) do update set name = excluded.name
returning {_CONTACT}
"""
_EXPECT: Final = """
update staff_contacts set code_hash = %s, code_until = %s, tries = 0 where id = %s
"""
_EXPECTED: Final = """
select code_hash, code_until, tries, channel, address from staff_contacts
where city = %s and id = %s and verified_at is null for update
"""
_TRIED: Final = "update staff_contacts set tries = tries + 1, verified_at = %s where id = %s"
_REMOVE: Final = "delete from staff_contacts where city = %s and id = %s returning channel, address"
_WRITE: Final = """
insert into messages (id, city, party_id, news, revision, template, version, channel, to_address,
    language, subject, body, html, lane, state, reason, created_at, changed_at, due_at, expires_at,
    correlation, dedupe, audience, purpose, contact, segments)
values (%(id)s, %(city)s, '', %(id)s, 1, 'verification', '1', %(channel)s, %(to)s, 'en',
    %(subject)s, %(body)s, '', 'urgent', 'created', '', %(now)s, %(now)s, %(now)s, %(expires)s,
    %(id)s, %(id)s, 'staff', 'replies', %(contact)s, 1)
"""
