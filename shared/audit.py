"""The audit log: who did what to what, when and from where. Kept by each service, never changed.

Web edges and command lines write it through `record`; `audit_page` shows it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import has_request_context, request
from psycopg.rows import class_row

from shared.actor import current_actor
from shared.audit_lines import Line, write
from shared.db import Connection
from shared.grants import EVERYWHERE

PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `city` is '' where the matter concerns no single city."""

    id: int
    at: datetime
    actor_id: str
    actor: str
    city: str
    what: str
    object: str
    address: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to read, newest first; empty text and None are 'any'."""

    city: str = ""
    what: str = ""
    who: str = ""
    day: str = ""
    before: int | None = None


def record(
    conn: Connection,
    what: str,
    object_: str = "",
    *,
    city: str = "",
    actor_id: str | None = None,
    actor: str | None = None,
) -> None:
    """Add an entry within the transaction; actor and address are the request's where not given."""
    inside = has_request_context()
    now = current_actor() if inside else None
    who = actor if actor is not None else (now.name if now else "the command line")
    number = actor_id if actor_id is not None else (now.id if now else "")
    address = (request.remote_addr or "") if inside else ""
    write(conn, Line(what, object_, city, who, number, address))


def entries(conn: Connection, wanted: Wanted, cities: Collection[str]) -> list[Entry]:
    """A page of entries within `cities`; whoever has every city also sees those without one."""
    first, last = _day(wanted.day)
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(
            _READ,
            {
                "all": EVERYWHERE in cities,
                "cities": list(cities),
                "city": wanted.city,
                "what": wanted.what,
                "who": wanted.who.lower(),
                "first": first,
                "last": last,
                "before": wanted.before,
                "limit": PAGE,
            },
        ).fetchall()


def kinds(conn: Connection) -> list[str]:
    """What has ever been recorded, for a list to choose from."""
    return [str(row[0]) for row in conn.execute("select distinct what from audit order by 1")]


def _day(text: str) -> tuple[datetime | None, datetime | None]:
    """The UTC day's limits, or none where there is no such day."""
    try:
        first = datetime.combine(date.fromisoformat(text), time(), UTC)
        return first, first + timedelta(days=1)
    except (ValueError, OverflowError):
        return None, None


_READ = """
select id, at, actor_id, actor, city, what, object, address from audit
where (%(all)s or city = any(%(cities)s))
    and (%(city)s = '' or city = %(city)s)
    and (%(what)s = '' or what = %(what)s)
    and (%(who)s = '' or position(%(who)s in lower(actor)) > 0)
    and (%(first)s::timestamptz is null or at >= %(first)s)
    and (%(last)s::timestamptz is null or at < %(last)s)
    and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(limit)s
"""
