"""What hosts wrote back, in PostgreSQL. The worker writes, the host's page and staff read."""

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from shared.db import Connection

MOST = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """One text of a host, as notify understood it; `withdrew`: it took the party off the list."""

    city: str
    reply_id: str
    revision: int
    party_id: str
    meaning: str
    minutes: int | None
    words: str
    channel: str
    at: datetime
    withdrew: bool = False


def keep_reply(conn: Connection, reply: Reply) -> bool:
    """Keep it unless a newer one is kept; whether it was not known at all."""
    known = conn.execute(
        "select 1 from heard_replies where reply_id = %s for update", (reply.reply_id,)
    ).fetchone()
    conn.execute(_KEEP, astuple(reply))
    return known is None


def note_withdrawal(conn: Connection, reply_id: str) -> None:
    """The text has taken its party off the list."""
    conn.execute("update heard_replies set withdrew = true where reply_id = %s", (reply_id,))


def answer_of(conn: Connection, city: str, party_id: str) -> Reply | None:
    """What the host answered last to the question whether the party is held."""
    found = _read(conn, _ANSWER, (city, party_id))
    return found[0] if found else None


def replies_in(conn: Connection, city: str) -> list[Reply]:
    """The newest texts of the city's hosts."""
    return _read(conn, _IN_CITY, (city, MOST))


def _read(conn: Connection, query: str, values: tuple[object, ...]) -> list[Reply]:
    rows: Any = conn.execute(query.encode(), values).fetchall()
    return [Reply(*row) for row in rows]


_COLUMNS = (
    "city, reply_id, revision, party_id::text, meaning, minutes, words, channel, at, withdrew"
)
# What comes late of a host who was forgotten stays unsaid.
_KEEP = """
insert into heard_replies
    (city, reply_id, revision, party_id, meaning, minutes, words, channel, at, withdrew)
select v.city, v.reply_id, v.revision, v.party_id, v.meaning, v.minutes,
    case when exists (
        select from told_to_forget t where t.party_id = v.party_id
            and t.groups && array['contacts', 'notes']) then '' else v.words end,
    v.channel, v.at, v.withdrew
from (values (%s, %s, %s::bigint, %s::uuid, %s, %s::int, %s, %s, %s::timestamptz, %s::boolean))
    v (city, reply_id, revision, party_id, meaning, minutes, words, channel, at, withdrew)
on conflict (reply_id) do update set revision = excluded.revision, party_id = excluded.party_id,
    meaning = excluded.meaning, minutes = excluded.minutes
where excluded.revision > heard_replies.revision
"""
_ANSWER = f"""
select {_COLUMNS} from heard_replies
where city = %s and party_id = %s and meaning in ('yes', 'no') order by at desc limit 1
"""
_IN_CITY = f"select {_COLUMNS} from heard_replies where city = %s order by at desc limit %s"
