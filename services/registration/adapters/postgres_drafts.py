"""Forms that hosts have begun and not sent, in PostgreSQL. The pages write, the sweep deletes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from shared.db import Connection

KEEP_HOURS = 24
Values = Mapping[str, Sequence[str]]


def keep_draft(conn: Connection, draft_id: str, city: str, values: Values, now: datetime) -> None:
    """Put these values in place of what the draft held."""
    conn.execute(
        "insert into form_drafts (id, city, document, saved_at) values (%s, %s, %s, %s)"
        " on conflict (id) do update set document = excluded.document,"
        " saved_at = excluded.saved_at where form_drafts.city = excluded.city",
        (draft_id, city, orjson.dumps(values), now),
    )


def draft_of(conn: Connection, draft_id: str, city: str) -> Values | None:
    """What the draft holds, unless it has served its time."""
    row: Any = conn.execute(
        "select document from form_drafts where id = %s and city = %s"
        " and saved_at > now() - make_interval(hours => %s)",
        (draft_id, city, KEEP_HOURS),
    ).fetchone()
    if row is None:
        return None
    found: Values = orjson.loads(row[0])
    return found


def drop_draft(conn: Connection, draft_id: str) -> None:
    """Forget the draft."""
    conn.execute("delete from form_drafts where id = %s", (draft_id,))


def drop_old_drafts(conn: Connection) -> None:
    """Delete what is older than `KEEP_HOURS`."""
    conn.execute(
        "delete from form_drafts where saved_at < now() - make_interval(hours => %s)",
        (KEEP_HOURS,),
    )
