"""What a purge reads and removes, in PostgreSQL. Only the purge desk uses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from services.registration.adapters.party_document import read, written
from services.registration.domain.keeping import Group
from services.registration.domain.party import Party
from shared.db import Connection
from shared.ids import new_id

BATCH = 500


@dataclass(frozen=True, slots=True)
class Purged:
    """One purge that was done: what was removed, and how much of it."""

    made_at: datetime
    made_by: str
    report: dict[str, int]


def batch_of_parties(conn: Connection, city: str, before: datetime, after_id: str) -> list[Party]:
    """The next parties by id that were over before that moment, kept from other changes."""
    rows = conn.execute(
        "select document from parties where city = %s and id > %s"
        " and (document #>> '{details,span,closes}')::timestamptz < %s"
        " order by id limit %s for update",
        (city, after_id, before, BATCH),
    ).fetchall()
    return [read(document) for (document,) in rows]


def put(conn: Connection, parties: Sequence[Party]) -> None:
    """Store the parties as they now are, without a history row: that would keep what goes."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "update parties set document = %s where id = %s",
            [(written(party).decode(), party.id) for party in parties],
        )


def note_forgotten(conn: Connection, parties: Sequence[Party], now: datetime) -> None:
    """Remember whose contacts were removed, so that their links can say so."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into forgotten_parties (party_id, city, at) values (%s, %s, %s)"
            " on conflict do nothing",
            [(party.id, party.city, now) for party in parties],
        )


def forgotten_at(conn: Connection, party_id: str) -> datetime | None:
    """When the party's contacts were removed."""
    row: Any = conn.execute(
        "select at from forgotten_parties where party_id = %s", (party_id,)
    ).fetchone()
    return row[0] if row else None


def history_states(
    conn: Connection, ids: Sequence[str]
) -> list[tuple[str, int, Party | None, Party]]:
    """Every state that the history keeps of these parties."""
    rows: Any = conn.execute(
        "select party_id::text, revision, before, after from party_history"
        " where party_id = any(%s::uuid[])",
        (list(ids),),
    ).fetchall()
    return [(i, r, read(before) if before else None, read(after)) for i, r, before, after in rows]


def put_history(conn: Connection, states: Sequence[tuple[str, int, Party | None, Party]]) -> None:
    """Store these states of the history."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "update party_history set before = %s, after = %s"
            " where party_id = %s and revision = %s",
            [
                (written(before).decode() if before else None, written(after).decode(), i, r)
                for i, r, before, after in states
            ],
        )


_COUNTED = {
    "history": "party_history where party_id = any(%s::uuid[])",
    "notes of staff": "party_notes where party_id = any(%s::uuid[])",
    "addresses of messages": (
        "heard_messages where party_id = any(%s::uuid[]) and sent and detail <> ''"
    ),
}
_REMOVE = {
    "history": "delete from party_history where party_id = any(%s::uuid[])",
    "notes of staff": "delete from party_notes where party_id = any(%s::uuid[])",
    "addresses of messages": (
        "update heard_messages set detail = '' where party_id = any(%s::uuid[]) and sent"
    ),
}


def remove(conn: Connection, what: str, ids: Sequence[str], dry: bool) -> int:
    """Remove what other tables hold of these parties, or only count it."""
    row: Any = conn.execute(
        f"select count(*) from {_COUNTED[what]}".encode(), (list(ids),)
    ).fetchone()
    if not dry and row[0]:
        conn.execute(_REMOVE[what].encode(), (list(ids),))
    return int(row[0])


def strip_requests(conn: Connection, city: str, group: Group, before: datetime, dry: bool) -> int:
    """Empty these fields of requests that were closed before that moment; how many had any."""
    fields = {"contacts": ["name", "phone", "email"], "addresses": ["address"]}.get(
        group, ["words", "note"]
    )
    found = (
        "city = %(city)s and changed_at < %(before)s and document ->> 'state' in"
        " ('answered', 'fulfilled') and exists (select from unnest(%(fields)s::text[]) f"
        " where coalesce(document ->> f, '') <> '')"
    )
    blank = orjson.dumps(dict.fromkeys(fields, "")).decode()
    means = {"city": city, "before": before, "fields": fields}
    row: Any = conn.execute(
        f"select array_agg(id) from programme_requests where {found}".encode(), means
    ).fetchone()
    ids = row[0] or []
    if ids and not dry:
        blanked = {"ids": ids, "blank": blank}
        conn.execute(
            "update programme_requests set document = document || %(blank)s::jsonb"
            " where id = any(%(ids)s)",
            blanked,
        )
        conn.execute(
            "update programme_request_history set after = after || %(blank)s::jsonb,"
            " before = before || %(blank)s::jsonb where request_id = any(%(ids)s)",
            blanked,
        )
    return len(ids)


def keep_report(
    conn: Connection, city: str, now: datetime, who: str, report: dict[str, int]
) -> None:
    """Keep what a purge removed."""
    conn.execute(
        "insert into purges (id, city, made_at, made_by, report) values (%s, %s, %s, %s, %s)",
        (new_id(), city, now, who, orjson.dumps(report).decode()),
    )


def purges_of(conn: Connection, city: str, most: int = 50) -> list[Purged]:
    """The city's purges, newest first."""
    rows: Any = conn.execute(
        "select made_at, made_by, report from purges where city = %s"
        " order by made_at desc limit %s",
        (city, most),
    ).fetchall()
    return [Purged(*row) for row in rows]


def begin_round(conn: Connection, city: str, day: date) -> bool:
    """Whether nobody has looked at the city on this day yet; from now on somebody has."""
    found = conn.execute(
        "insert into purge_rounds (city, day) values (%s, %s) on conflict (city) do update"
        " set day = excluded.day where purge_rounds.day < excluded.day returning city",
        (city, day),
    ).fetchone()
    return found is not None
