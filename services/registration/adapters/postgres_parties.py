"""The party book in PostgreSQL: one document a party, with its history beside it.

The front desk and the import make one for each transaction.
"""

import re
from collections.abc import Sequence
from typing import Any

from services.registration.adapters.party_document import read, written
from services.registration.domain.city import City
from services.registration.domain.party import Party
from services.registration.domain.sheet_merge import Version
from services.registration.ports import Imported, ImportMark
from shared.db import Connection

_ADD = """
with entered as (
    insert into parties (id, city, code, revision, state, received_at, changed_at,
                         import_key, import_digest, document)
    values (%(id)s, %(city)s, %(code)s, %(revision)s, %(state)s, %(now)s, %(now)s,
            %(key)s, %(digest)s, %(document)s)
    returning id, revision, document
)
insert into party_history (party_id, revision, changed_by, changed_at, after)
select id, revision, %(actor)s, %(now)s, document from entered
"""

_ADD_ALL = """
with entered as (
    insert into parties (id, city, code, revision, state, received_at, changed_at,
                         import_key, import_digest, document)
    select id, city, code, revision, state, now, now, key, digest, document
    from unnest(%b::text[]::uuid[], %b::text[], %b::text[], %b::int[], %b::text[],
                %b::timestamptz[], %b::text[], %b::bytea[], %b::text[], %b::text[]::jsonb[])
        n (id, city, code, revision, state, now, key, digest, actor, document)
    returning id, revision, changed_at, document
)
insert into party_history (party_id, revision, changed_by, changed_at, after, person, why)
select id, revision, 'import', changed_at, document, %s, %s from entered
"""

_REPLACE = """
with changed as (
    update parties
    set revision = %(revision)s, state = %(state)s, changed_at = %(now)s,
        import_digest = coalesce(%(digest)s, import_digest), document = %(document)s
    where id = %(id)s and revision = %(revision)s - 1
    returning id, revision, document
)
insert into party_history (party_id, revision, changed_by, changed_at, before, after)
select id, revision, %(actor)s, %(now)s, %(before)s, document from changed
"""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_WANTS = """city = %s and state = 'registered' and not (document #> '{details,no_visit}')::boolean
and coalesce(document ->> 'held', '') = ''
and (document #>> '{details,span,closes}')::timestamptz >= %s"""
_WAITS = "coalesce((document -> 'waiting')::boolean, false)"
_PLACES = f"select count(*) from parties where {_WANTS} and not {_WAITS}".encode()
_NEXT = f"""
select document from parties where {_WANTS} and {_WAITS} order by id limit 1 for update
""".encode()
_LINE = f"select count(*) from parties where {_WANTS} and {_WAITS} and id <= %s".encode()


class PostgresPartyBook:
    """A `PartyBook` inside the transaction that `conn` is in."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, party: Party, mark: ImportMark | None = None) -> None:
        """Enter a new party, with its first history row."""
        self._conn.execute(_ADD, _row(party, mark))

    def hold(self, party_id: str) -> Party | None:
        """The party, its row locked until this transaction ends."""
        row = self._conn.execute(
            "select document from parties where id = %s for update", (party_id,)
        ).fetchone()
        return read(row[0]) if row else None

    def find(self, party_id: str) -> Party | None:
        """The party as it now is."""
        row = self._conn.execute(
            "select document from parties where id = %s", (party_id,)
        ).fetchone()
        return read(row[0]) if row else None

    def replace(self, before: Party, after: Party, mark: ImportMark | None = None) -> None:
        """Put the newer state in place of `before`, with a history row of both."""
        self._conn.execute(_REPLACE, {**_row(after, mark), "before": written(before).decode()})

    def wanting_visits(self, city: City) -> int:
        """How many parties have their place; who asks next waits for this transaction's end."""
        self._conn.execute("select pg_advisory_xact_lock(hashtext(%s))", (f"places {city.slug}",))
        return self.places_taken(city)

    def places_taken(self, city: City) -> int:
        """How many parties have their place, at this moment."""
        row: Any = self._conn.execute(_PLACES, (city.slug, city.counts_from)).fetchone()
        return int(row[0])

    def hold_next_waiting(self, city: City) -> Party | None:
        """The party that has waited longest for its place, its row locked."""
        row = self._conn.execute(_NEXT, (city.slug, city.counts_from)).fetchone()
        return read(row[0]) if row else None

    def place_in_line(self, party: Party, city: City) -> int:
        """At which place of the waiting list the party is, counted from 1."""
        row: Any = self._conn.execute(_LINE, (city.slug, city.counts_from, party.id)).fetchone()
        return int(row[0])

    def in_city(self, city: str) -> list[Party]:
        """All parties of the city, oldest first."""
        rows = self._conn.execute(
            "select document from parties where city = %s order by id", (city,)
        ).fetchall()
        return [read(document) for (document,) in rows]

    def imported_or_named(self, city: str, keys: Sequence[str]) -> dict[str, Imported]:
        """As `imported`; a reference may also be the id of any party of the city."""
        found = self.imported(city, keys)
        names = {key.removeprefix("ref "): key for key in keys if key.startswith("ref ")}
        left = [name for name, key in names.items() if key not in found]
        if not left:
            return found
        rows: Any = self._conn.execute(
            "select id::text, coalesce(import_key, ''), import_digest, document from parties"
            " where city = %s and id = any(%s) for update",
            (city, [name for name in left if _UUID.fullmatch(name)]),
        ).fetchall()
        for id_, key, digest, document in rows:
            mark = ImportMark(key or names[id_], digest or b"")
            found[names[id_]] = Imported(read(document), mark)
        return found

    def versions(self, party_ids: Sequence[str]) -> dict[str, list[Version]]:
        """The histories of these parties, oldest state first."""
        rows: Any = self._conn.execute(
            "select party_id::text, revision, changed_by, after from party_history"
            " where party_id = any(%s) order by party_id, revision",
            (list(party_ids),),
        ).fetchall()
        found: dict[str, list[Version]] = {}
        for id_, revision, changed_by, after in rows:
            version = Version(revision, changed_by, read(after).details)
            found.setdefault(id_, []).append(version)
        return found

    def at(self, party_id: str, revision: int) -> Party | None:
        """The party as it was at an earlier revision."""
        row = self._conn.execute(
            "select after from party_history where party_id = %s and revision = %s",
            (party_id, revision),
        ).fetchone()
        return read(row[0]) if row else None

    def imported(self, city: str, keys: Sequence[str]) -> dict[str, Imported]:
        """The parties that rows with these keys made, by key, kept from other changes."""
        rows: Any = self._conn.execute(
            "select import_key, import_digest, document from parties"
            " where city = %s and import_key = any(%b) for update",
            (city, list(keys)),
        ).fetchall()
        return {
            key: Imported(read(document), ImportMark(key, digest)) for key, digest, document in rows
        }


class NewlyImported:
    """A `NewParties` that collects what an import registers and writes all of it at once."""

    def __init__(self) -> None:
        self._rows: list[dict[str, object]] = []

    def add(self, party: Party, mark: ImportMark | None = None) -> None:
        """Take the party."""
        self._rows.append(_row(party, mark))

    def wanting_visits(self, city: City) -> int:  # noqa: ARG002  (what is imported has its place)
        """Asked of hosts only, whom a cap may put on a waiting list."""
        return 0

    def write(self, conn: Connection, person: str, why: str) -> None:
        """Enter all of them, each with its first history row, signed by whoever brought them in."""
        if self._rows:
            columns = [[row[name] for row in self._rows] for name in self._rows[0]]
            conn.execute(_ADD_ALL, [*columns, person, why])


def _row(party: Party, mark: ImportMark | None) -> dict[str, object]:
    return {
        "id": party.id,
        "city": party.city,
        "code": party.code,
        "revision": party.revision,
        "state": party.state,
        "now": party.changed_at,
        "key": mark.key if mark else None,
        "digest": mark.digest if mark else None,
        "actor": party.changed_by,
        "document": written(party).decode(),
    }
