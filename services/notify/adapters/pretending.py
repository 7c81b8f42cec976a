"""Whether staff may try out a host's answer in a city, and in whose name. The page uses it."""

from shared.db import Connection, Pool


def is_pretence_allowed(conn: Connection, city: str, sandboxed: bool) -> bool:
    """Whether texts stay here, or the city is known and not live."""
    known = conn.execute("select 1 from cities where id = %s", (city,)).fetchone()
    live = conn.execute("select 1 from live_cities where city = %s", (city,)).fetchone()
    return known is not None and (sandboxed or live is None)


def phone_of(pool: Pool, city: str, party: str) -> str:
    """The telephone of the party with this id or code, "" where there is none."""
    with pool.connection() as conn:
        row = conn.execute(
            "select phone from parties where city = %s and (id = %s or code = %s) and phone <> ''",
            (city, party, party.upper()),
        ).fetchone()
    return str(row[0]) if row else ""
