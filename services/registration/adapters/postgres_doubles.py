"""Doubles and merges in PostgreSQL. The staff's desk and the host's form use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.registration.adapters.party_document import read
from services.registration.domain.blocks import street_word
from services.registration.domain.doubles import Seen
from services.registration.domain.geography import Point
from services.registration.domain.party import Party
from shared.db import Connection
from shared.ids import new_id

_SEEN = """
select id::text, (document #>> '{details,span,opens}')::timestamptz,
    document #>> '{details,address}', document #>> '{details,host,name}',
    document #>> '{details,host,phone}', document #>> '{details,host,email}',
    (document #>> '{details,place,lat}')::float8, (document #>> '{details,place,lon}')::float8
from parties where city = %(city)s and state = 'registered'
"""
_LIKE = """ and (
    (%(phone)s <> '' and document #>> '{details,host,phone}' = %(phone)s)
    or (%(email)s <> '' and lower(document #>> '{details,host,email}') = lower(%(email)s))
    or (%(street)s <> '' and position(%(street)s in lower(document #>> '{details,address}')) > 0)
    or ((document #>> '{details,place,lat}')::float8 between %(lat)s - 0.001 and %(lat)s + 0.001
        and (document #>> '{details,place,lon}')::float8
            between %(lon)s - 0.002 and %(lon)s + 0.002)
)"""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two parties joined: `kept` stands, `merged` is withdrawn; revisions are the merge's own."""

    id: str
    city: str
    kept_id: str
    merged_id: str
    kept_revision: int
    merged_revision: int
    link_leads: bool
    at: datetime
    person: str
    undone_at: datetime | None


def all_seen(conn: Connection, city: str, zone: ZoneInfo) -> list[Seen]:
    """What is looked at of every party that is not withdrawn."""
    return [_seen(row, zone) for row in conn.execute(_SEEN, {"city": city})]


def alike(conn: Connection, city: str, zone: ZoneInfo, asked: Seen) -> list[Seen]:
    """Those among which a double of what is asked would be."""
    place = asked.place
    values = {
        "city": city,
        "phone": asked.phone,
        "email": asked.email,
        "street": street_word(asked.address),
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
    }
    return [_seen(row, zone) for row in conn.execute(_SEEN + _LIKE, values)]


def those(conn: Connection, ids: Iterable[str]) -> dict[str, Party]:
    """These parties by id."""
    rows: Any = conn.execute(
        "select id::text, document from parties where id = any(%s)", (list(ids),)
    ).fetchall()
    return {id_: read(document) for id_, document in rows}


def not_doubles(conn: Connection, city: str) -> set[tuple[str, str]]:
    """The pairs that somebody looked at and found to be two parties."""
    rows = conn.execute("select one::text, other::text from not_doubles where city = %s", (city,))
    return {(str(one), str(other)) for one, other in rows}


def keep_apart(
    conn: Connection, city: str, ids: tuple[str, str], at: datetime, person: str
) -> None:
    """Remember that these are two parties."""
    one, other = sorted(ids)
    conn.execute(
        "insert into not_doubles (city, one, other, at, person) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (city, one, other, at, person[:200]),
    )


def keep_merge(
    conn: Connection,
    kept: Party,
    merged: Party,
    link_leads: bool,
    at: datetime,
    person: str,
    changed: bool,
) -> None:
    """Remember the merge, and whether it changed the party that is kept."""
    conn.execute(
        "insert into merges (id, city, kept_id, merged_id, kept_revision, merged_revision,"
        " link_leads, at, person) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(new_id(), kept.city, kept.id, merged.id),
            *(kept.revision if changed else 0, merged.revision, link_leads, at, person[:200]),
        ),
    )


def merges_of(conn: Connection, city: str, party_id: str = "") -> list[Merge]:
    """The city's merges that stand, newest first; of one party if it is given."""
    rows: Any = conn.execute(
        "select id::text, city, kept_id::text, merged_id::text, kept_revision, merged_revision,"
        " link_leads, at, person, undone_at from merges where city = %(city)s"
        " and undone_at is null and (%(id)s = '' or %(id)s in (kept_id::text, merged_id::text))"
        " order by at desc limit 200",
        {"city": city, "id": party_id},
    ).fetchall()
    return [Merge(*row) for row in rows]


def end_merge(conn: Connection, merge_id: str, at: datetime) -> None:
    """The merge no longer stands."""
    conn.execute("update merges set undone_at = %s where id = %s", (at, merge_id))


def _seen(row: Any, zone: ZoneInfo) -> Seen:
    id_, opens, address, host, phone, email, lat, lon = row
    place = Point(lat, lon) if lat is not None and lon is not None else None
    return Seen(id_, opens.astimezone(zone).date(), address, host, phone, email, place)
