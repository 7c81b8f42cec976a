"""What the plumbing keeps is forgotten after its time, and nothing that may be asked for again."""

from shared.db import Pool
from shared.housekeeping import Housekeeping
from tests.integration.probe import counted, say


def test_facts_sent_and_applied_long_ago_are_forgotten_and_gaps_are_not(
    publisher: Pool,
) -> None:
    say(publisher, 3)
    old = "now() - interval '16 days'"
    with publisher.connection() as conn:
        conn.execute(f"update outbox set sent_at = {old} where id = 1".encode())
        conn.execute("update outbox set sent_at = now() where id = 2")
        conn.execute("insert into inbox_progress values ('dispatch', 5)")
        for number in (4, 5, 7):
            conn.execute(
                f"insert into inbox values (gen_random_uuid(), 'dispatch', %s, {old})".encode(),
                (number,),
            )
    Housekeeping(publisher).keep()
    assert counted(publisher, "select min(id), count(*) from outbox")() == (2, 2)
    assert counted(publisher, "select min(number), count(*) from inbox")() == (7, 1)
