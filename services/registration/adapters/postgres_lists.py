"""A page of a city's parties for planners, found in PostgreSQL. The staff's desk uses it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.registration.adapters.party_document import read
from services.registration.domain.listing import PAGE, Listing
from services.registration.domain.party import Party
from shared.db import Connection

_ORDERS = {
    "name": "lower(document #>> '{details,name}')",
    "address": "lower(document #>> '{details,address}')",
    "starts": "(document #>> '{details,span,opens}')::timestamptz",
    "host": "lower(document #>> '{details,host,name}')",
    "area": "document #>> '{details,area}'",
    "received": "received_at",
    "changed": "p.changed_at",
}
_NOTES = "from party_notes n where n.party_id = p.id and n.taken_back_at is null"
_NOTED = f"exists (select {_NOTES})"
VISITED = """exists (
    select from heard_visits v where v.city = p.city and v.party_id = p.id and v.planned
)"""
_SOURCE = """exists (
    select from party_history h
    where h.party_id = p.id and h.revision = 1 and h.changed_by = %(source)s
)"""
_WORDS = """(position(%(words)s in lower(concat_ws(' ', document #>> '{details,name}',
    document #>> '{details,address}', document #>> '{details,host,name}', code))) > 0
    or (%(digits)s <> '' and position(%(digits)s in document #>> '{details,host,phone}') > 0)
    or (position('@' in %(words)s) > 0
        and position(%(words)s in lower(document #>> '{details,host,email}')) > 0))"""
PLACED = "document #>> '{details,place}' is not null"
_WITHIN = """(document #>> '{details,place,lon}')::float8 between %(west)s and %(east)s
    and (document #>> '{details,place,lat}')::float8 between %(south)s and %(north)s"""
_EQUAL = {
    "state": "state = %(state)s",
    "area": "document #>> '{details,area}' = %(area)s",
    "beat": "document #>> '{details,beat}' = %(beat)s",
    "wanted": "document #> '{details,wanted}' ? %(wanted)s",
    "language": "document #>> '{details,host,language}' = %(language)s",
    "materials": "document #> '{details,materials}' ? %(materials)s",
    "closure": "document ->> 'closure_state' = %(closure)s",
    "source": _SOURCE,
}
_CHOICES = {
    ("place", "missing"): "document #>> '{details,place}' is null",
    ("place", "known"): PLACED,
    ("late", "yes"): "received_at > %(deadline)s",
    ("visit", "planned"): VISITED,
    ("visit", "not planned"): f"not {VISITED}",
    ("visit", "unwanted"): "(document #> '{details,no_visit}')::boolean",
    ("visit", "waiting"): "coalesce((document -> 'waiting')::boolean, false)",
    ("confirmed", "yes"): "document ->> 'confirmed' = 'yes'",
    ("confirmed", "no"): "document ->> 'confirmed' = 'no'",
    ("confirmed", "unknown"): "coalesce(document ->> 'confirmed', '') = ''",
    ("note", "yes"): _NOTED,
    ("doubles", "yes"): "p.id = any(%(doubles)s)",
    ("area", "none"): "document #>> '{details,area}' = ''",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One party of the list; `planned` says whether somebody comes, `notes` how many there are.

    `confirmed`: its host opened a link that was written to the present contact.
    """

    party: Party
    planned: bool
    notes: int
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What filters need to know besides their own words."""

    city: str
    deadline: datetime | None = None
    doubles: Sequence[str] = ()


def page_of(conn: Connection, listing: Listing, scope: Scope) -> list[Row]:
    """The page that is asked for."""
    where, values = conditions(listing, scope)
    direction = "desc" if listing.down else "asc"
    order = f"{_ORDERS[listing.sort]} {direction}, p.id {direction}"
    # Pages are cut before anything is looked up for their rows.
    query = f"""
        with chosen as (
            select p.id, row_number() over (order by {order}) as line from parties p
            where {where} order by line limit {PAGE} offset %(skipped)s
        )
        select p.document, {VISITED},
            (select count(*) {_NOTES}),
            array(select c.contact from confirmed_contacts c where c.party_id = p.id)
        from chosen join parties p using (id) order by line
    """
    values["skipped"] = (listing.page - 1) * PAGE
    rows: Any = conn.execute(query.encode(), values).fetchall()
    return [_row(read(document), planned, notes, marks) for document, planned, notes, marks in rows]


def _row(party: Party, planned: bool, notes: int, marks: Sequence[str]) -> Row:
    return Row(party, planned, notes, party.details.host.mark.hex() in marks)


def ids_of(conn: Connection, listing: Listing, scope: Scope) -> list[str]:
    """The ids of all parties that fit, in the list's order."""
    where, values = conditions(listing, scope)
    query = f"select p.id::text from parties p where {where} order by {_ORDERS[listing.sort]}, p.id"
    return [str(row[0]) for row in conn.execute(query.encode(), values)]


def count_of(conn: Connection, listing: Listing, scope: Scope) -> int:
    """How many fit."""
    where, values = conditions(listing, scope)
    query = f"select count(*) from parties p where {where}"
    row: Any = conn.execute(query.encode(), values).fetchone()
    return int(row[0])


def beats_of(conn: Connection, city: str) -> list[str]:
    """Every beat that a party of the city lies in."""
    rows = conn.execute(
        "select distinct document #>> '{details,beat}' as beat from parties"
        " where city = %s and document #>> '{details,beat}' <> '' order by 1",
        (city,),
    )
    return [str(row[0]) for row in rows]


def conditions(listing: Listing, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The filters as a condition about `parties p`, and its values."""
    words = listing.q.casefold()
    digits = "".join(c for c in words if c.isdigit())
    is_number = len(digits) >= 4 and not any(c.isalpha() for c in words)
    values: dict[str, Any] = {
        **listing.filters,
        "city": scope.city,
        "words": words,
        "digits": digits if is_number else "",
        "deadline": scope.deadline,
        "doubles": list(scope.doubles),
        **(asdict(listing.within) if listing.within else {}),
    }
    return " and ".join(["p.city = %(city)s", *_wanted(listing)]), values


def _wanted(listing: Listing) -> Iterator[str]:
    """Fixed texts only: what people typed goes in as values."""
    if listing.q:
        yield _WORDS
    if listing.within:
        yield _WITHIN
    for name, text in listing.filters.items():
        if (name, text) in _CHOICES:
            yield _CHOICES[name, text]
        elif name in _EQUAL:
            yield _EQUAL[name]
