"""Broadcasts as rows, and the hosts whom their filters find. Other adapters and desk use it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import orjson
from psycopg import Cursor
from psycopg.rows import class_row

from services.notify.adapters.city_rows import CITY_WIDTH, city_in
from services.notify.domain.broadcasts import Broadcast, Filters, Person, Words
from services.notify.domain.values import City
from shared.db import Connection

COLUMNS: Final = """b.id, b.city, b.version, b.state, b.title, b.filters, b.words, b.authors,
    b.written_by, b.created_at, b.changed_at, b.expires_at, b.asked_by, b.approved_by,
    b.started_at, b.finished_at, b.correlation"""


def broadcast_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Broadcast]:
    """Rows of `COLUMNS`."""
    return broadcast_of


def with_city_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], tuple[City, Broadcast]]:
    """Rows of `book_sql.CITY`, then `COLUMNS`."""
    return lambda row: (city_in(row), broadcast_of(row[CITY_WIDTH:]))


def broadcast_of(row: Sequence[Any]) -> Broadcast:
    """One row of `COLUMNS`."""
    values = [*row]
    values[5:8] = filters_of(row[5]), words_of(row[6]), tuple(row[7])
    return Broadcast(*values)


def filters_of(stored: Mapping[str, Any]) -> Filters:
    """Filters as they are kept; what a later version added is passed over."""
    lists = ("areas", "teams", "visits", "kinds", "languages")
    found = {name: tuple(stored.get(name) or ()) for name in lists}
    return Filters(**found, confirmed=str(stored.get("confirmed") or ""))


def words_of(stored: Mapping[str, Mapping[str, str]]) -> dict[str, Words]:
    """Words as they are kept, by language."""
    return {language: Words(**said) for language, said in stored.items()}


def as_json(value: Filters | Mapping[str, Words]) -> str:
    """Filters or words as they are kept."""
    return orjson.dumps(value).decode()


def find_people(
    conn: Connection, city: str, filters: Filters, now: datetime, only: Sequence[str] | None = None
) -> list[Person]:
    """The hosts whom the filters find, by code; with `only` these parties, whatever is filtered."""
    values = filter_values(filters)
    values |= {"city": city, "now": now, "only": list(only or ()), "whole": only is None}
    with conn.cursor(row_factory=class_row(Person)) as cursor:
        found = cursor.execute(_PEOPLE, values).fetchall()
    return [_tidied(person) for person in found]


def filter_values(filters: Filters) -> dict[str, object]:
    """What `AUDIENCE` asks for, but for `city` and `now`."""
    return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(filters).items()}


def _tidied(person: Person) -> Person:
    values = asdict(person) | {"refused": tuple(person.refused)}
    return Person(**values)


AUDIENCE: Final = """
    and not p.withdrawn
    and (%(areas)s::text[] = '{}' or p.area = any(%(areas)s::text[]))
    and (%(kinds)s::text[] = '{}' or p.wanted && %(kinds)s::text[])
    and (%(languages)s::text[] = '{}'
        or split_part(lower(replace(p.language, '_', '-')), '-', 1) = any(%(languages)s::text[]))
    and (%(teams)s::text[] = '{}' or exists (
        select from routes r
        where r.city = p.city and r.team_id = any(%(teams)s::text[])
            and r.stops @> jsonb_build_array(jsonb_build_object('party_id', p.id))))
    and (%(visits)s::text[] = '{}' or case when exists (
                select from done d
                where d.city = p.city and d.party_id = p.id and d.state = 'visited') then 'visited'
            when v.opens is null then 'nobody'
            when v.closes <= %(now)s then 'passed' else 'planned' end = any(%(visits)s::text[]))
    and (%(confirmed)s = '' or (%(confirmed)s = 'yes') = coalesce((
        select a.answer = 'yes' from confirmations a
        where a.city = p.city and a.party_id = p.id order by a.at desc limit 1), false))
"""

_PEOPLE: Final = f"""
with refusing as materialized (
    select channel, lower(address) as address from opted_out where purpose in ('broadcasts', 'all')
)
select p.id as party_id, p.code, coalesce(nullif(p.name, ''), p.address) as party, p.language,
    p.phone, p.email, may_text(p.city, p.phone, p.sms_consent) as sms_consent, p.withdrawn,
    array(
        select distinct r.channel from refusing r
        where (r.channel = 'sms' and r.address = lower(p.phone))
            or (r.channel = 'email' and r.address = lower(p.email))
    ) as refused
from parties p
left join visits v on v.city = p.city and v.party_id = p.id
where p.city = %(city)s
    and case when %(whole)s then true {AUDIENCE} else p.id = any(%(only)s::text[]) end
order by p.code, p.id
"""
