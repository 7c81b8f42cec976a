"""What a purge reads and removes, in PostgreSQL. Only the purge desk uses it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from services.registration.adapters.party_document import read, written
from services.registration.domain.keeping import Group
from services.registration.domain.party import Party
from shared.db import Connection
from shared.forgetting import CONTACT
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
            "update parties set document = %s, revision = %s where id = %s",
            [(written(party).decode(), party.revision, party.id) for party in parties],
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


_OF_PARTIES = "party_id = any(%(ids)s::uuid[])"
_ADDRESSLIKE = f"detail ~ '{CONTACT}'"
_ROWS = {
    "history": ("party_history", _OF_PARTIES, ""),
    "notes of staff": ("party_notes", _OF_PARTIES, ""),
    "addresses of messages": (
        "heard_messages",
        f"{_OF_PARTIES} and detail <> '' and (sent or {_ADDRESSLIKE})",
        f"detail = case when sent then '' else regexp_replace(detail, '{CONTACT}', '…', 'g') end",
    ),
    "words of hosts": ("heard_replies", f"{_OF_PARTIES} and words <> ''", "words = ''"),
    "confirmations of contacts": ("confirmed_contacts", _OF_PARTIES, ""),
    "words about visits": (
        "heard_visits",
        f"{_OF_PARTIES} and why || detail <> ''",
        "why = '', detail = ''",
    ),
    "reasons of changes": (
        "party_history",
        f"{_OF_PARTIES} and why <> ''",
        "why = ''",
    ),
    "words about changes of many": (
        "bulk_rows",
        f"{_OF_PARTIES} and words <> ''",
        "words = ''",
    ),
    "rows of lists": (
        "import_rows",
        f"{_OF_PARTIES} and cells <> '{{}}'",
        "cells = '{}', said = null",
    ),
}
"""Beside the parties: the table, which of its rows, and what they become, if not deleted."""


def remove(conn: Connection, what: str, ids: Sequence[str], dry: bool) -> int:
    """Remove what other tables hold of these parties, or only count it."""
    table, which, becomes = _ROWS[what]
    change = f"update {table} set {becomes}" if becomes else f"delete from {table}"
    order = f"select count(*) from {table}" if dry else change
    done = conn.execute(f"{order} where {which}".encode(), {"ids": list(ids)})
    if not dry:
        return done.rowcount
    row: Any = done.fetchone()
    return int(row[0])


def strip_lists(conn: Connection, city: str, before: datetime, dry: bool) -> int:
    """Remove the first rows that finished imports of that time keep as a sample; of how many."""
    which = (
        "imports where city = %s and made_at < %s and finished_at is not null"
        " and (sample <> '[]' or file is not null)"
    )
    row: Any = conn.execute(f"select count(*) from {which}".encode(), (city, before)).fetchone()
    if not dry:
        change = which.replace(
            "imports where", "update imports set sample = '[]', file = null where"
        )
        conn.execute(change.encode(), (city, before))
    return int(row[0])


def drop_answers(conn: Connection, city: str, before: datetime) -> None:
    """Drop what programs were answered up to then; a repeat is known for a day only anyway."""
    conn.execute("delete from idempotency_keys where city = %s and made_at < %s", (city, before))


def told_groups(conn: Connection, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Which groups of these parties the other services were told to forget."""
    rows: Any = conn.execute(
        "select party_id::text, groups from told_to_forget where party_id = any(%s::uuid[])",
        (list(ids),),
    ).fetchall()
    return {party_id: frozenset(groups) for party_id, groups in rows}


def note_told(conn: Connection, city: str, told: Mapping[str, Sequence[Group]]) -> None:
    """Remember which groups of which parties the other services were told to forget."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into told_to_forget (party_id, city, groups) values (%s, %s, %s)"
            " on conflict (party_id) do update set groups = excluded.groups",
            [(party_id, city, list(groups)) for party_id, groups in told.items()],
        )


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
