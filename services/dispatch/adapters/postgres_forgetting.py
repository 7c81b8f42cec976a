"""What dispatch removes of parties that are to be forgotten. The worker uses it.

What is by party goes at once. Routes, proposals, drafts and facts hold many parties each; they
are gone through once for all parties that wait, by the worker's round.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from services.dispatch.adapters.forgetting_documents import without
from shared.db import Connection
from shared.forgetting import CONTACT, Memory, highest_fact, shorten_facts, shorten_letters

Groups = Mapping[str, frozenset[str]]
"""What is to go, by party."""


class PostgresForgetting:
    """Fulfils `Forgetting`, within the connection's transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._memory = Memory(conn)

    def walk_ups(self, city: str, group: str, until: datetime) -> list[str]:
        """Parties of evenings until then that registration does not know, not yet forgotten."""
        rows: Any = self._conn.execute(_WALK_UPS, (city, until, group)).fetchall()
        return [row[0] for row in rows]

    def forget_blocks(self, city: str, parties: list[str]) -> None:
        """Keep when blocks were visited, not which house; before the parties change."""
        values = {"city": city, "ids": parties}
        self._conn.execute(_KEEP_BLOCKS, values)
        self._conn.execute(_DROP_HOUSES, values)

    def empty_walk_ups(self, city: str, groups: Groups) -> None:
        """Take out of parties what registration cannot say anew."""
        for group, (what, change) in _OF_WALK_UPS.items():
            ids = [party for party, mine in groups.items() if group in mine]
            done = self._conn.execute(change.encode(), {"city": city, "ids": ids})
            self._memory.removed[what] += done.rowcount

    def forget(self, city: str, groups: Groups) -> None:
        """Remove what is kept by party, and remember the rest for the next round."""
        self._conn.execute("select set_config('porchlight.forgetting', 'on', true)")
        for of_groups, what, change in _BY_PARTY:
            ids = [party for party, mine in groups.items() if of_groups & mine]
            done = self._conn.execute(change.encode(), {"city": city, "ids": ids}) if ids else None
            self._memory.removed[what] += done.rowcount if done else 0
        self._memory.note(city, groups, {})
        self._memory.report(city, len(groups))


def forget_documents(conn: Connection) -> int:
    """Take parties that wait out of long documents; how many parties waited."""
    memory = Memory(conn)
    waiting = memory.waiting()
    for city, groups in waiting.items():
        for table, column, key in _DOCUMENTS:
            memory.removed[table] += _rewrite(conn, table, column, key, city, groups)
        facts = shorten_facts(conn, groups, highest_fact(conn)) + shorten_letters(conn, groups)
        memory.removed["facts and dead letters"] += facts
        memory.report(city)
    return sum(map(len, waiting.values()))


def _rewrite(conn: Connection, table: str, column: str, key: str, city: str, groups: Groups) -> int:
    query = f"select {key}, {column} from {table} where city = %s and {column} is not null"
    changed = 0
    with conn.cursor(name="documents") as reading:
        reading.itersize = 50
        for *keys, old in reading.execute(query.encode(), (city,)):
            new = without(old, groups)
            if new != old:
                marks = " and ".join(f"{name} = %s" for name in key.split(", "))
                order = f"update {table} set {column} = %s where city = %s and {marks}"
                conn.execute(order.encode(), (_json(new), city, *keys))
                changed += 1
    return changed


_DOCUMENTS = (
    ("routes", "stops", "team_id, version"),
    ("proposals", "body", "id"),
    ("drafts", "content", "name"),
    ("forecasts", "content", "city"),
)
_MINE = "city = %(city)s and party_id = any(%(ids)s)"
_CONTACTS, _ADDRESSES, _NOTES = (frozenset({g}) for g in ("contacts", "addresses", "notes"))
_BY_PARTY: tuple[tuple[frozenset[str], str, str], ...] = (
    (
        _CONTACTS,
        "hosts' names in the log",
        f"update actions set details = details - 'host_name'"
        f" where {_MINE} and details ? 'host_name'",
    ),
    (
        _CONTACTS,
        "addresses in faults of messages",
        f"update messages set fault = regexp_replace(fault, '{CONTACT}', '…', 'g')"
        f" where {_MINE} and fault ~ '{CONTACT}'",
    ),
    (
        _CONTACTS | _NOTES,
        "words of hosts",
        f"update host_replies set words = '' where {_MINE} and words <> ''",
    ),
    (
        _ADDRESSES,
        "places in the log",
        f"""update actions set details = (details - array['address', 'name'])
            || case when details ? 'place' then jsonb_build_object('place', jsonb_build_object(
                'lat', round((details #>> '{{place,lat}}')::numeric, 3),
                'lon', round((details #>> '{{place,lon}}')::numeric, 3))) else '{{}}' end
        where {_MINE} and details ?| array['address', 'name', 'place']""",
    ),
    (
        _ADDRESSES,
        "places of the night",
        f"""update party_states set address = '', lat = round(lat::numeric, 3),
            lon = round(lon::numeric, 3) where {_MINE} and (address <> '' or lat is not null)""",
    ),
    (
        _NOTES,
        "words in the log",
        f"update actions set details = details - array['reason', 'words', 'notes']"
        f" where {_MINE} and details ?| array['reason', 'words', 'notes']",
    ),
    (
        _ADDRESSES | _NOTES,
        "changes in the log",
        f"""update actions set changes = (
            select coalesce(jsonb_agg(case when c ->> 'key' in ('party:' || party_id,
                'told:' || party_id) then c || '{{"before": "", "after": ""}}' else c end
                order by number), '[]')
            from jsonb_array_elements(changes) with ordinality a (c, number))
        where {_MINE} and changes @> jsonb_build_array(jsonb_build_object(
            'key', 'party:' || party_id))""",
    ),
    (
        _NOTES,
        "reasons of the night",
        f"update party_states set reason = '' where {_MINE} and reason <> ''",
    ),
    (
        _NOTES,
        "reasons of visits",
        f"update visit_states set reason = '' where {_MINE} and reason <> ''",
    ),
    (
        _NOTES,
        "words told of visits",
        f"update visits set detail = '' where {_MINE} and detail <> ''",
    ),
    (
        _NOTES,
        "reasons of promises",
        f"update promises set why = '' where {_MINE} and why <> ''",
    ),
    (
        _NOTES,
        "field notes",
        f"update field_notes set words = '' where {_MINE} and words <> ''",
    ),
    (_NOTES, "photos", f"delete from field_photos where {_MINE}"),
    (
        _NOTES,
        "reasons of edits",
        "update edits set reason = '' where city = %(city)s and parties && %(ids)s"
        " and reason <> ''",
    ),
)
"""Of which groups, what it is called in the audit log, and the change."""

_WALKED_UP = "update parties set {} where city = %(city)s and id = any(%(ids)s)"
_OF_WALK_UPS: Mapping[str, tuple[str, str]] = {
    "contacts": (
        "contacts of walk-up parties",
        _WALKED_UP.format("host_name = ''") + " and host_name <> ''",
    ),
    "addresses": (
        "addresses of walk-up parties",
        _WALKED_UP.format(
            "name = 'Walk-up party', address = '', lat = round(lat::numeric, 3),"
            " lon = round(lon::numeric, 3)"
        ),
    ),
    "notes": (
        "notes of walk-up parties",
        _WALKED_UP.format("location_notes = ''") + " and location_notes <> ''",
    ),
}
_WALK_UPS = """
select p.id from parties p
left join forgotten_parties f on f.city = p.city and f.party_id = p.id
where p.city = %s and p.revision = 0 and p.opens < %s
    and not coalesce(f.groups, '{}') @> array[%s]
"""
_KEEP_BLOCKS = """
insert into block_history (city, block, address, last_visited)
select h.city, hundred_key(h.block), hundred_key(h.block), max(h.last_visited)
from block_history h join parties p on p.city = h.city and block_key(p.address) = h.block
where h.city = %(city)s and p.id = any(%(ids)s) and hundred_key(h.block) <> h.block
group by h.city, hundred_key(h.block)
on conflict (city, block) do update
set last_visited = greatest(block_history.last_visited, excluded.last_visited)
"""
# What has no number is a corner, which is no house, or somebody's own words, which go.
_DROP_HOUSES = """
delete from block_history h using parties p
where h.city = %(city)s and p.city = h.city and block_key(p.address) = h.block
    and p.id = any(%(ids)s) and (hundred_key(h.block) <> h.block
        or not (h.block ~ '^[0-9]' or p.address ~ '&|/| and | at '))
"""


def _json(document: Any) -> str:
    return orjson.dumps(document).decode()
