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


def announce(conn: Connection, process: str, doing: str) -> None:
    """Record what keeps `process` from working yet, for those who wait for it."""
    with conn.transaction():
        conn.execute(
            "insert into heartbeats (process, at, detail) values (%s, '-infinity', %s)"
            " on conflict (process) do update set at = excluded.at, detail = excluded.detail",
            (process, doing),
        )


def silent(conn: Connection, expected: tuple[str, ...]) -> dict[str, str]:
    """The expected processes that have not shown themselves for `FRESH_SECONDS`, and why."""
    rows = conn.execute(
        "select process, at > now() - make_interval(secs => %s), detail, at = '-infinity'"
        " from heartbeats",
        (FRESH_SECONDS,),
    ).fetchall()
    fresh = {process for process, is_fresh, _, _ in rows if is_fresh}
    doing = {str(process): str(detail) for process, _, detail, announced in rows if announced}
    unseen = "has not shown itself"
    return {process: doing.get(process, unseen) for process in expected if process not in fresh}
