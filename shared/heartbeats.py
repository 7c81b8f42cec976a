"""Rows by which a process shows that it works; readiness checks look at their age."""

from shared.db import Connection

FRESH_SECONDS = 10


def beat(conn: Connection, process: str, detail: str = "") -> None:
    """Record that `process` works now. Losing the newest beat in a crash does no harm."""
    with conn.transaction():
        conn.execute("set local synchronous_commit = off")
        conn.execute(
            "insert into heartbeats (process, at, detail) values (%s, now(), %s)"
            " on conflict (process) do update set at = now(), detail = excluded.detail",
            (process, detail),
        )


def silent(conn: Connection, expected: tuple[str, ...]) -> list[str]:
    """Which of the expected processes have not shown themselves for `FRESH_SECONDS`."""
    rows = conn.execute(
        "select process from heartbeats where at > now() - make_interval(secs => %s)",
        (FRESH_SECONDS,),
    ).fetchall()
    fresh = {str(row[0]) for row in rows}
    return [process for process in expected if process not in fresh]
