"""Reads boards from PostgreSQL; each is built once a change, however many consoles ask."""

import threading
from typing import Any

from services.dispatch.adapters.postgres_plans import PostgresPlans
from services.dispatch.domain.board import Board, Standing, build_board
from shared.db import Connection, Pool


class BoardReader:
    """Boards of all cities, the newest of each kept. Threads may share it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: dict[str, Board] = {}
        self._building = threading.Lock()

    def cities(self) -> list[tuple[str, str]]:
        """Slug and name of every city."""
        with self._pool.connection() as conn:
            rows = conn.execute("select id, name from cities order by name").fetchall()
        return [(str(row[0]), str(row[1])) for row in rows]

    def board(self, city: str) -> Board | None:
        """The city's board as it now is; None where there is no such city."""
        with self._building, self._pool.connection() as conn:
            conn.execute("set transaction isolation level repeatable read, read only")
            kept = self._kept.get(city)
            if kept and kept.change == _change(conn, city):
                return kept
            evening = PostgresPlans(conn).evening(city)
            if evening is None:
                return None
            self._kept[city] = build_board(evening, _standing(conn, city))
            return self._kept[city]


def _change(conn: Connection, city: str) -> int:
    row: Any = conn.execute("select change from boards where city = %s", (city,)).fetchone()
    return int(row[0]) if row else 0


def _standing(conn: Connection, city: str) -> Standing:
    row: Any = conn.execute(_STANDING, {"city": city}).fetchone()
    return Standing(*row)


_STANDING = """
select coalesce(max(b.change), 0), max(b.changed_at), coalesce(max(b.trouble), ''),
       coalesce(max(p.version), 0), max(p.made_at),
       (select count(*) from messages where city = %(city)s and fault = ''),
       (select count(*) from messages where city = %(city)s and fault <> '')
from (select %(city)s::text as city) c
left join boards b using (city)
left join lateral (
    select version, made_at from plans where plans.city = c.city order by version desc limit 1
) p on true
"""
