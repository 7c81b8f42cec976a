"""What notify said of hosts' numbers, and what hosts typed of codes. Worker, desks use it.

What was typed itself is not kept here: it is in the fact that tells notify, and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.registration.domain.party import Party
from services.registration.domain.proof import Entry, Number, Proof, is_to_be_proven
from shared.db import Connection


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said of the number `phone` in the city."""

    city: str
    phone: str
    number: Number


def keep_numbers(conn: Connection, heard: Iterable[Heard]) -> None:
    """Keep these, each unless a newer one is kept; what they answer waits no more."""
    for one in heard:
        n = one.number
        said = (n.state, n.why, n.answers, n.goes_at, n.good_until, n.tries_left, n.another_from)
        conn.execute(_KEEP, (one.city, one.phone, n.id, n.revision, *said))
        if n.answers:
            conn.execute(
                "update code_entries set answered = true where entry_id = %s", (n.answers,)
            )


def number_of(conn: Connection, city: str, phone: str) -> Number | None:
    """What was last said of the number in the city."""
    row: Any = conn.execute(_NUMBER, (city, phone)).fetchone() if phone else None
    return Number(*row) if row else None


def proof_of(conn: Connection, party: Party, now: datetime) -> Proof | None:
    """How the number of the party's host stands, where it has to be proven."""
    if not is_to_be_proven(party):
        return None
    number = number_of(conn, party.city, party.details.host.phone)
    if number is None or number.is_excused:
        return None
    row: Any = conn.execute(_ENTRY, (party.id,)).fetchone()
    return Proof(number, Entry(*row) if row else None, now)


def enter(conn: Connection, party_id: str, entry: Entry, idle_since: datetime) -> int:
    """Note that something was typed or asked for, which is the how manieth time.

    0 if an earlier one, typed since `idle_since`, has not been answered yet: impatient fingers
    use up no tries.
    """
    values = (party_id, entry.id, entry.number_id, entry.at, idle_since)
    row: Any = conn.execute(_ENTER, values).fetchone()
    return int(row[0]) if row else 0


def forget_numbers(conn: Connection, city: str) -> int:
    """Remove what is known of numbers that no party of the city has any more; how many."""
    return conn.execute(_FORGET, (city,)).rowcount


_NUMBER = """
select number_id, revision, state, why, answers, goes_at, good_until, tries_left, another_from
from heard_numbers where city = %s and phone = %s
"""
# Ids are in the order of their making: a number that was forgotten comes again under a newer one.
_KEEP = """
insert into heard_numbers (city, phone, number_id, revision, state, why, answers, goes_at,
    good_until, tries_left, another_from)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, phone) do update set number_id = excluded.number_id,
    revision = excluded.revision, state = excluded.state, why = excluded.why,
    answers = excluded.answers, goes_at = excluded.goes_at, good_until = excluded.good_until,
    tries_left = excluded.tries_left, another_from = excluded.another_from
where (excluded.number_id, excluded.revision)
    > (heard_numbers.number_id, heard_numbers.revision)
"""
_ENTRY = "select entry_id, number_id, at, answered from code_entries where party_id = %s"
_ENTER = """
insert into code_entries (party_id, times, entry_id, number_id, at, answered)
values (%s, 1, %s, %s, %s, false)
on conflict (party_id) do update set times = code_entries.times + 1,
    entry_id = excluded.entry_id, number_id = excluded.number_id, at = excluded.at,
    answered = false
where code_entries.answered or code_entries.number_id <> excluded.number_id
    or code_entries.at < %s
returning times
"""
_FORGET = """
delete from heard_numbers h where city = %s and not exists (
    select from parties p where p.city = h.city and p.document #>> '{details,host,phone}' = h.phone)
"""
