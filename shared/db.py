"""PostgreSQL: connections and pools. Adapters, plumbing and main modules use it."""

import select
from typing import Any, LiteralString

import psycopg
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[object, ...]]
Pool = ConnectionPool[psycopg.Connection[tuple[object, ...]]]

_PATIENT: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000}


def open_pool(url: str, *, most: int = 8, name: str = "porchlight") -> Pool:
    """A pool of up to `most` connections, opening in the background; the caller closes it."""
    pool: Pool = ConnectionPool(
        url,
        min_size=1,
        max_size=most,
        name=name,
        open=False,
        timeout=5,
        reconnect_timeout=60,
        check=_look if most > 1 else None,
        kwargs={**_PATIENT, "application_name": name},
    )
    pool.open(wait=False)
    return pool


def _look(conn: Connection) -> None:
    """Raise if the server has hung up, which an idle connection's socket shows by itself.

    Asking the server, as psycopg_pool's own check does, costs each web request a round trip.
    """
    news = select.poll()
    news.register(conn.fileno(), select.POLLIN)
    if news.poll(0):
        raise psycopg.OperationalError("the server has ended an idle connection")


def connect(url: str, name: str) -> Connection:
    """One autocommitting connection for a loop of its own; raises `psycopg.OperationalError`."""
    return psycopg.connect(url, autocommit=True, application_name=name, **_PATIENT)


def count(conn: Connection, table: LiteralString) -> int:
    """How many rows the table has."""
    row = conn.execute("select count(*) from " + table).fetchone()
    return int(str(row[0])) if row else 0
