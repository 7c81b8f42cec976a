"""What notify said of hosts' numbers, and when hosts typed codes. Worker and desks use it.

What was typed itself is not kept here: it is in the fact that tells notify, and nowhere else. Nor
is any number: they go by their ids.
"""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from typing import Any

from services.registration.domain.party import Party
from services.registration.domain.proof import Entry, Number, Proof, is_to_be_proven
from shared.db import Connection
from shared.ids import number_id


def keep_numbers(conn: Connection, numbers: Iterable[Number]) -> None:
    """Keep these, each unless a newer one is kept; what they answer waits no more."""
    for number in numbers:
        conn.execute(_KEEP, astuple(number))
        if number.answers:
            conn.execute(_ANSWERED, (number.answers,))


class Numbers:
    """Finds what is known of a party's number by the secret from which ids follow."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def number_of(self, conn: Connection, party: Party) -> Number | None:
        """What was last said of the number of the party's host."""
        phone = party.details.host.phone
        if not phone:
            return None
        id_ = number_id(self._secret, party.city, phone)
        row: Any = conn.execute(_NUMBER, (id_,)).fetchone()
        return Number(*row) if row else None

    def proof_of(self, conn: Connection, party: Party, now: datetime) -> Proof | None:
        """How the number of the party's host stands, where it has to be proven."""
        number = self.number_of(conn, party) if is_to_be_proven(party) else None
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


_COLUMNS = "number_id, revision, state, why, answers, goes_at, good_until, tries_left, another_from"
_NUMBER = f"select {_COLUMNS} from heard_numbers where number_id = %s".encode()
_KEEP = f"""
insert into heard_numbers ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (number_id) do update set
    revision = excluded.revision, state = excluded.state, why = excluded.why,
    answers = excluded.answers, goes_at = excluded.goes_at, good_until = excluded.good_until,
    tries_left = excluded.tries_left, another_from = excluded.another_from
where excluded.revision > heard_numbers.revision
""".encode()
_ANSWERED = "update code_entries set answered = true where entry_id = %s"
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
