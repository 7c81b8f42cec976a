"""Takes personal data of parties out of facts that are kept. Each service's purge uses it.

A fact keeps id, number and revision, so that a subscriber may still ask for it: what it then says
is older than what that one knows. Dead letters stay, too, and can be replayed or discarded.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from shared.audit_lines import Line, write
from shared.db import Connection

CHUNK = 1000
ERASED = "What went wrong was removed together with the party's data."

_Data = dict[str, Any]
_Groups = Mapping[str, Collection[str]]

CONTACT = r"[^\s<>]+@[^\s<>]+|\+?\d[\d ().-]{5,}\d"
"""A regular expression for what looks like an address or a number in a provider's own words."""


BY = "the purge"
"""Who removes, in the audit log of a service that was told to."""


@dataclass
class Memory:
    """What a service that was told to forget knows of it, within one transaction.

    Parties that wait have yet to be taken out of facts, letters and other long documents.
    """

    conn: Connection
    removed: Counter[str] = field(default_factory=Counter)

    def note(
        self, city: str, groups: Mapping[str, Collection[str]], ends: Mapping[str, datetime]
    ) -> None:
        """Remember these parties, when their evenings end, and that their documents wait."""
        with self.conn.cursor() as cursor:
            cursor.executemany(
                _NOTE,
                [(city, party, sorted(mine), ends.get(party)) for party, mine in groups.items()],
            )

    def waiting(self, most: int = 5000) -> dict[str, dict[str, frozenset[str]]]:
        """Cities with parties whose documents waited until now, by what is to go."""
        rows: Any = self.conn.execute(_WAITING, (most,)).fetchall()
        found: dict[str, dict[str, frozenset[str]]] = {}
        for city, party, groups in rows:
            found.setdefault(city, {})[party] = frozenset(groups)
        return found

    def report(self, city: str, parties: int = 0) -> None:
        """Say in the audit log what was removed, if anything was."""
        said = ", ".join(f"{number} {what}" for what, number in self.removed.items() if number)
        if said:
            of = f" of {parties} parties" if parties else ""
            write(self.conn, Line("personal data removed", f"{said}{of}", city, BY))
        self.removed.clear()


def highest_fact(conn: Connection) -> int:
    """The newest fact in the outbox; 0 where there is none."""
    row: Any = conn.execute("select coalesce(max(id), 0) from outbox").fetchone()
    return int(row[0])


def shorten_facts(conn: Connection, groups: _Groups, upto: int) -> int:
    """Shorten what the outbox says of these parties, by groups, up to fact `upto`; how many."""
    after, count = 0, 0
    while True:
        rows: Any = conn.execute(_OUTBOX, (after, upto, list(_SHORTENERS), CHUNK)).fetchall()
        if not rows:
            return count
        after = rows[-1][0]
        changed = [(body, id_) for id_, old in rows if (body := shortened(old, groups)) != old]
        count += len(changed)
        with conn.cursor() as cursor:
            cursor.executemany("update outbox set body = %s where id = %s", changed)


def shorten_letters(conn: Connection, groups: _Groups) -> int:
    """Shorten dead letters about these parties; one that cannot be read is emptied."""
    rows: Any = conn.execute("select id, body from dead_letters where body <> ''").fetchall()
    changed = [(body, ERASED, id_) for id_, old in rows if (body := _letter(old, groups)) != old]
    with conn.cursor() as cursor:
        cursor.executemany("update dead_letters set body = %s, error = %s where id = %s", changed)
    return len(changed)


def shortened(body: bytes, groups: _Groups) -> bytes:
    """The fact without what these groups hold of these parties; as it is, where it holds none."""
    fact = orjson.loads(body)
    shorten = _SHORTENERS.get(fact["type"].partition(".")[0])
    if shorten is None:
        return body
    before = orjson.dumps(fact)
    shorten(fact["data"], groups)
    after = orjson.dumps(fact)
    return body if after == before else after


def _letter(body: bytes, groups: _Groups) -> bytes:
    try:
        return shortened(body, groups)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return b"" if any(party.encode() in body for party in groups) else body


def _party(data: _Data, groups: _Groups) -> None:
    party = data.get("party") or {}
    gone = groups.get(party.get("id", ""), ())
    if "contacts" in gone:
        party["host"] |= {"name": "", "phone": "", "email": "", "sms_consent": False}
        party["status_url"] = ""
    if "addresses" in gone:
        party |= {"name": "", "address": "", "place": None}
    if "notes" in gone:
        party["location_notes"] = ""


def _route(data: _Data, groups: _Groups) -> None:
    for stop in data.get("stops") or ():
        if "addresses" in groups.get(stop["party_id"], ()):
            place = {name: round(degrees, 3) for name, degrees in stop["place"].items()}
            stop |= {"name": "", "address": "", "place": place}


def _visit(data: _Data, groups: _Groups) -> None:
    if "notes" in groups.get(data["party_id"], ()):
        free = ("why", "detail") if "why" in data else ("reason",)
        data |= {name: "" for name in free if name in data}


def _message(data: _Data, groups: _Groups) -> None:
    if "contacts" in groups.get(data["party_id"], ()):
        data |= {name: "" for name in ("to", "reason") if name in data}


def _host(data: _Data, groups: _Groups) -> None:
    if {"contacts", "notes"} & set(groups.get(data["party_id"], ())):
        data["words"] = ""


_SHORTENERS: Mapping[str, Callable[[_Data, _Groups], None]] = {
    "party": _party,
    "route": _route,
    "visit": _visit,
    "message": _message,
    "host": _host,
}
_OUTBOX = """
select id, body from outbox
where id > %s and id <= %s and split_part(type, '.', 1) = any(%s) order by id limit %s
"""
_NOTE = """
insert into forgotten_parties (city, party_id, groups, ends_at, waits)
values (%s, %s, %s, %s, true)
on conflict (city, party_id) do update
set groups = excluded.groups, ends_at = excluded.ends_at, waits = true
"""
_WAITING = """
update forgotten_parties f set waits = false
from (
    select city, party_id from forgotten_parties where waits limit %s for update skip locked
) w
where f.city = w.city and f.party_id = w.party_id
returning f.city, f.party_id, f.groups
"""
FORGOTTEN_TABLE = """
create table forgotten_parties (
    city text not null,
    party_id text not null,
    groups text[] not null,
    ends_at timestamptz,
    waits boolean not null,
    primary key (city, party_id)
);
create index forgotten_parties_waiting on forgotten_parties (city) where waits;
"""
"""For services that hear `party.forgotten`; their migrations run it."""
