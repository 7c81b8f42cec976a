"""PostgreSQL: connections and pools. Adapters, plumbing and main modules use it."""

import select
from typing import Any, LiteralString

import psycopg
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[object, ...]]
Pool = ConnectionPool[psycopg.Connection[tuple[object, ...]]]

_PATIENT: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000}


def open_pool(url: str, *, most: int = 8, name: str = "porchlight") -> Pool:
    """A pool of up to `most` connections, opening in the background; the caller closes it.

    A connection that cannot be made is given up after 5 s and made anew when it is next wanted:
    the pool's pauses double, and after a minute of them it would notice a server that is back
    half a minute late.
    """

    def look(conn: Connection) -> None:
        if _hung_up(conn):
            conn.close()  # else the pool takes it back, and hands it out again
            pool.drain()  # one server, one fate: the next request need not find out by itself
            raise psycopg.OperationalError("the server has ended an idle connection")

    pool: Pool = ConnectionPool(
        url,
        min_size=1,
        max_size=most,
        name=name,
        open=False,
        timeout=5,
        reconnect_timeout=5,
        check=look if most > 1 else None,
        kwargs={**_PATIENT, "application_name": name},
    )
    pool.open(wait=False)
    return pool


def _hung_up(conn: Connection) -> bool:
    """Whether the server has ended an idle connection, which its socket shows by itself.

    Asking the server, as psycopg_pool's own check does, costs each web request a round trip.
    """
    news = select.poll()
    news.register(conn.fileno(), select.POLLIN)
    return bool(news.poll(0))


def connect(url: str, name: str) -> Connection:
    """One autocommitting connection for a loop of its own; raises `psycopg.OperationalError`."""
    return psycopg.connect(url, autocommit=True, application_name=name, **_PATIENT)


def count(conn: Connection, table: LiteralString) -> int:
    """How many rows the table has."""
    row = conn.execute("select count(*) from " + table).fetchone()
    return int(str(row[0])) if row else 0
