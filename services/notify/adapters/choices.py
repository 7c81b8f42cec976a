"""What staff may choose from in filters, and what waits for somebody. Pages read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.adapters.failing import OPEN_FAILURES
from shared.db import Pool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value and how people call it."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a city's parties and routes have; `templates` are those ever used."""

    areas: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    templates: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """How many things of each page wait for somebody."""

    failures: int
    calls: int
    inbox: int
    broadcasts: int


def read_choices(pool: Pool, city: str) -> Choices:
    """What can be chosen in `city`, in every city where it is empty."""
    found = {name: _read(pool, query, city) for name, query in _QUERIES.items()}
    return Choices(**found)


def read_needs(pool: Pool, city: str, now: datetime) -> Needs:
    """What waits in `city`."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Needs)) as cursor:
        row = cursor.execute(_NEEDS.encode(), {"city": city, "now": now}).fetchone()
    return row or Needs(0, 0, 0, 0)


def _read(pool: Pool, query: str, city: str) -> tuple[Choice, ...]:
    with pool.connection() as conn:
        rows: Sequence[tuple[object, ...]] = conn.execute(query.encode(), {"city": city}).fetchall()
    return tuple(Choice(str(value), str(name)) for value, name in rows)


_OF_PARTIES: Final = "from parties where (%(city)s = '' or city = %(city)s) and not withdrawn"
# A code of which the city's file says nothing more stands for itself.
_NAMES: Final = """
left join lateral (
    select min(n ->> 'name') as name
    from cities c cross join lateral jsonb_array_elements(c.{names}) n
    where (%(city)s = '' or c.id = %(city)s) and n ->> 'code' = used.code
) known on true
"""
_QUERIES: Final = {
    "areas": f"""
        select code, coalesce(nullif(known.name, ''), code) from (
            select distinct area as code {_OF_PARTIES} and area <> ''
        ) used {_NAMES.format(names="areas")} order by 2, 1""",
    "teams": """
        select team_id, min(team_name) from routes
        where (%(city)s = '' or city = %(city)s) group by 1 order by 2""",
    "kinds": f"""
        select code, coalesce(nullif(known.name, ''), code) from (
            select distinct unnest(wanted) as code {_OF_PARTIES}
        ) used {_NAMES.format(names="kinds")} order by 2, 1""",
    "languages": f"select distinct language, language {_OF_PARTIES} order by 1",
    "templates": """
        select distinct template, template from messages
        where (%(city)s = '' or city = %(city)s) order by 1""",
}

_NEEDS: Final = f"""
select
    (select count(*) from ({OPEN_FAILURES}) f) as failures,
    (select count(*) from calls c join messages m on m.id = c.message_id
        where c.city = %(city)s and c.done_at is null
            and m.state not in ('sent', 'delivered')) as calls,
    (select count(*) from inbound where city = %(city)s and state = 'open') as inbox,
    (select count(*) from broadcasts where city = %(city)s and state = 'waiting') as broadcasts
"""
