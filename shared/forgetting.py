"""Takes personal data of parties out of facts that are kept. Each service's purge uses it.

A fact keeps id, number and revision, so that a subscriber may still ask for it: what it then says
is older than what that one knows. Dead letters stay, too, and can be replayed or discarded.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson

from shared.db import Connection

CHUNK = 1000
ERASED = "What went wrong was removed together with the party's data."

_Data = dict[str, Any]
_Groups = Mapping[str, Collection[str]]

CONTACT = r"[^\s<>]+@[^\s<>]+|\+?\d[\d ().-]{5,}\d"
"""A regular expression for what looks like an address or a number in a provider's own words."""


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
    subject = ".".join(fact["type"].split(".")[:1])
    before = orjson.dumps(fact)
    _SHORTENERS[subject](fact["data"], groups)
    after = orjson.dumps(fact)
    return body if after == before else after


def _letter(body: bytes, groups: _Groups) -> bytes:
    try:
        return shortened(body, groups)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return b"" if any(party.encode() in body for party in groups) else body


def _party(data: _Data, groups: _Groups) -> None:
    party = data.get("party") or {}
    gone = groups.get(party.get("id"), ())
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
