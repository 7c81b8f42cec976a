"""A broadcast to 1,500 hosts on a provider that takes few: what is urgent passes it."""

from collections.abc import Sequence
from datetime import timedelta

from services.notify.domain.outcomes import Accepted, Outcome
from services.notify.domain.pace import Pace
from services.notify.handlers.handing_over import hand_over
from services.notify.ports.senders import Text
from shared.db import Pool
from tests.notify.bench import Bench
from tests.notify.facts import CITY, city_configured
from tests.notify.test_handing_over import Scripted

HOSTS = 1500
SENDERS = ("+16265550100", "+16265550101")


class Slow(Scripted):
    """Notes who was handed what, by which number."""

    def __init__(self) -> None:
        super().__init__()
        self.handed: list[tuple[str, str]] = []

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        self.handed += [(t.body, t.sender) for t in texts]
        return [Accepted(f"SM{t.id}") for t in texts]


def write(bench: Bench, lane: str, words: str, number: int, segments: int = 1) -> None:
    """Put messages of a lane straight onto the desk."""
    now = bench.clock.now()
    with bench.pool.connection() as conn:
        conn.execute(
            """
            insert into messages (id, city, party_id, news, revision, template, version, channel,
                to_address, language, subject, body, html, lane, state, reason, due_at, expires_at,
                correlation, dedupe, segments)
            select %(words)s || n, %(city)s, n::text, %(words)s, 1, 'broadcast', '1', 'sms',
                '+1626555' || lpad(n::text, 4, '0'), 'en', '', %(words)s, '', %(lane)s, 'created',
                '', %(now)s, %(later)s, 'storm', %(words)s || n, %(segments)s
            from generate_series(1, %(number)s) n
            """,
            {
                "words": words,
                "city": CITY,
                "lane": lane,
                "now": now,
                "later": now + timedelta(hours=2),
                "number": number,
                "segments": segments,
            },
        )


def storm(pool: Pool, rate: float) -> tuple[Bench, Slow]:
    slow = Slow()
    bench = Bench(pool, sms=slow, paces=(Pace("scripted", SENDERS, rate),))
    bench.hear(city_configured())
    write(bench, "bulk", "storm", HOSTS)
    return bench, slow


def both_lanes(bench: Bench) -> None:
    """One second of the worker, bulk first: the worst order."""
    for lane in ("bulk", "urgent", "bulk"):
        while hand_over(lane, bench.office):
            pass
    bench.clock.move(seconds=1)


def test_the_urgent_pass_a_storm_at_a_provider_that_takes_few(pool: Pool) -> None:
    bench, slow = storm(pool, rate=2)
    for _ in range(5):
        both_lanes(bench)
    assert len(slow.handed) == 5 * 2 * len(SENDERS)
    write(bench, "urgent", "ten minutes away", 20)
    slow.handed.clear()
    seconds = 0
    while sum(words == "ten minutes away" for words, _ in slow.handed) < 20:
        both_lanes(bench)
        seconds += 1
        assert seconds < 30
    by_sender = {s: [words for words, sender in slow.handed if sender == s] for s in SENDERS}
    for handed in by_sender.values():
        urgent = [words == "ten minutes away" for words in handed]
        last = max(i for i, is_urgent in enumerate(urgent) if is_urgent)
        assert all(urgent[: last + 1])


def test_the_whole_storm_goes_out_at_the_rate_and_nobody_hears_it_twice(pool: Pool) -> None:
    bench, slow = storm(pool, rate=100)
    seconds = 0
    while len(slow.handed) < HOSTS:
        both_lanes(bench)
        seconds += 1
        assert seconds < 60
    expected = bench.paces[0].seconds_for(HOSTS)
    assert expected - 2 <= seconds <= expected * 1.4
    with pool.connection() as conn:
        rows = conn.execute("select state, count(*), count(distinct id) from messages group by 1")
        assert rows.fetchall() == [("sent", HOSTS, HOSTS)]


def test_long_texts_take_their_time(pool: Pool) -> None:
    slow = Slow()
    bench = Bench(pool, sms=slow, paces=(Pace("scripted", SENDERS[:1], 1),))
    bench.hear(city_configured())
    write(bench, "bulk", "long", 3, segments=4)
    handed = []
    for _ in range(10):
        both_lanes(bench)
        handed.append(len(slow.handed))
    assert handed == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]


def test_a_host_hears_from_one_number_only(pool: Pool) -> None:
    bench, _ = storm(pool, rate=1000)
    both_lanes(bench)
    with pool.connection() as conn:
        rows = conn.execute("select distinct to_address, sender from messages where state = 'sent'")
        found = rows.fetchall()
    pace = bench.paces[0]
    assert found
    assert all(pace.sender_for(str(to)) == sender for to, sender in found)


def test_with_every_hint_lost_each_message_is_found_and_sent(pool: Pool) -> None:
    bench, slow = storm(pool, rate=0)
    bench.nudged.clear()
    bench.tick()
    found = list(bench.nudged)
    assert found == ["bulk"]
    for lane in found:
        while hand_over(lane, bench.office):
            pass
    assert len(slow.handed) == HOSTS
    bench.nudged.clear()
    bench.tick()
    assert bench.nudged == []
