"""Old facts are forgotten, and nothing that may be asked for again."""

from services.dispatch.adapters.housekeeping import forget_old
from shared.db import Pool, count


def test_only_old_facts_below_the_gapless_mark_are_forgotten(pool: Pool) -> None:
    with pool.connection() as conn:
        conn.execute(
            "insert into inbox (event_id, publisher, number, applied_at) values"
            " (uuidv7(), 'registration', 1, now() - interval '8 days'),"
            " (uuidv7(), 'registration', 2, now() - interval '1 day'),"
            " (uuidv7(), 'registration', 4, now() - interval '8 days'),"
            " (uuidv7(), 'notify', 1, now() - interval '8 days')"
        )
        conn.execute("insert into inbox_progress values ('registration', 2)")
        conn.execute(
            "insert into outbox (event_id, type, body, sent_at) values"
            " (uuidv7(), 't', '', now() - interval '8 days'), (uuidv7(), 't', '', null),"
            " (uuidv7(), 't', '', now())"
        )
        forget_old(conn)
        assert (count(conn, "inbox"), count(conn, "outbox")) == (3, 2)
