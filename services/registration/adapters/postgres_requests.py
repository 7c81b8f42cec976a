"""Requests for programmes in PostgreSQL. The request desk makes a book for each transaction.

What the host of a party asked for is in the party itself; a row is made when staff first act on it.
"""

import uuid
from datetime import datetime
from typing import Any

import orjson

from services.registration.adapters.party_document import read as read_party
from services.registration.domain.party import Party
from services.registration.domain.programmes import ProgrammeRequest
from shared.db import Connection


class PostgresRequestBook:
    """A `RequestBook` inside the transaction that `conn` is in."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, request: ProgrammeRequest, key: str | None) -> None:
        """Enter a new request, unless one with this key is there already."""
        self._conn.execute(
            "insert into programme_requests"
            " (id, city, party_id, form_key, revision, received_at, changed_at, document)"
            " values (%(id)s, %(city)s, %(party)s, %(key)s, %(revision)s, %(received)s, %(now)s,"
            " %(document)s) on conflict do nothing",
            {**_row(request), "key": key},
        )

    def replace(self, before: ProgrammeRequest, after: ProgrammeRequest) -> None:
        """Put the newer state in place of `before`, with a history row of both."""
        if before.revision == 0:
            self.add(after, None)
        else:
            self._conn.execute(
                "update programme_requests set revision = %(revision)s, changed_at = %(now)s,"
                " document = %(document)s where id = %(id)s",
                _row(after),
            )
        self._conn.execute(
            "insert into programme_request_history"
            " (request_id, revision, changed_by, changed_at, before, after)"
            " values (%s, %s, %s, %s, %s, %s)",
            (after.id, after.revision, after.changed_by, after.changed_at, _stored(before),
             _stored(after)),
        )  # fmt: skip

    def before(self, request_id: str) -> ProgrammeRequest | None:
        """The request as it was before its last change."""
        row: Any = self._conn.execute(
            "select before from programme_request_history where request_id = %s"
            " order by revision desc limit 1",
            (request_id,),
        ).fetchone()
        return _read(row[0]) if row and row[0] else None

    def in_city(self, city: str) -> list[ProgrammeRequest]:
        """All requests of the city, those of its parties' hosts among them."""
        rows: Any = self._conn.execute(
            "select document from programme_requests where city = %s", (city,)
        ).fetchall()
        kept = {request.id: request for request in (_read(row[0]) for row in rows)}
        parties: Any = self._conn.execute(
            "select document from parties where city = %s and state = 'registered'"
            " and document #> '{details,materials}' <> '[]'::jsonb",
            (city,),
        ).fetchall()
        own = [r for r in kept.values() if not r.party_id]
        return own + [r for row in parties for r in _of_party(read_party(row[0]), kept)]

    def hold(self, city: str, request_id: str) -> ProgrammeRequest | None:
        """The request, kept from other changes until this transaction ends."""
        self._conn.execute("select pg_advisory_xact_lock(hashtext(%s))", (f"request {request_id}",))
        return next((r for r in self.in_city(city) if r.id == request_id), None)


def _of_party(party: Party, kept: dict[str, ProgrammeRequest]) -> list[ProgrammeRequest]:
    """What the party's host asked for: fields as the party has them now, the rest as staff left."""
    details, found = party.details, []
    for programme in details.materials:
        number = str(uuid.uuid5(uuid.UUID(party.id), programme))
        known = kept.get(number)
        found.append(
            ProgrammeRequest(
                number, party.city, programme, party.received_at,
                known.changed_at if known else party.received_at,
                known.revision if known else 0,
                party.id, details.host.name, details.host.phone, details.host.email,
                details.address, details.area, "", details.host.language,
                known.state if known else "open",
                known.officer if known else "",
                known.note if known else "",
                known.changed_by if known else "the host",
            )
        )  # fmt: skip
    return found


def _row(request: ProgrammeRequest) -> dict[str, object]:
    return {
        "id": request.id,
        "city": request.city,
        "party": request.party_id or None,
        "revision": request.revision,
        "received": request.received_at,
        "now": request.changed_at,
        "document": _stored(request),
    }


def _stored(request: ProgrammeRequest) -> str:
    """The document; a party's own fields are in the party alone."""
    found = orjson.loads(orjson.dumps(request))
    if request.party_id:
        found |= {"name": "", "phone": "", "email": "", "address": ""}
    return orjson.dumps(found).decode()


def _read(found: dict[str, Any]) -> ProgrammeRequest:
    moments = {name: datetime.fromisoformat(found[name]) for name in ("received_at", "changed_at")}
    return ProgrammeRequest(**{**found, **moments})
