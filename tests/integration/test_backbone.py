"""Facts from an outbox to their effects, on real servers, through everything that goes wrong."""

from collections.abc import Sequence

import orjson
import pytest

from shared import dead_letters
from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.db import Pool
from shared.failures import Permanent
from shared.inbox import MOST_ATTEMPTS, Delivery, FactHandler
from shared.reader import EventReader
from shared.redis import open_redis
from shared.relay import Relay
from shared.routes import group_of, stream_of
from shared.work import Work, begin
from tests.integration.probe import (
    FACT,
    counted,
    make_inbox,
    pool_of,
    record,
    running,
    say,
    say_once,
)
from tests.waiting import eventually

STREAM = stream_of("notify")


def reader(redis_url: str, pool: Pool, handler: FactHandler = record) -> EventReader:
    return EventReader("registration", "probe-1", redis_url, pool, make_inbox(pool, handler))


def letters(pool: Pool) -> list[dead_letters.DeadLetter]:
    with pool.connection() as conn:
        return dead_letters.dead(conn)


def test_every_fact_arrives_once(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    with running(Relay("notify", publisher_url, redis_url), reader(redis_url, subscriber)):
        say(publisher, 250)
        eventually(counted(subscriber), (250, 250))


def test_a_transaction_that_rolls_back_says_nothing(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    def say_and_fail() -> None:
        with begin(publisher, SystemClock()) as work:
            say_once(work, "never")
            work.flush()
            raise ZeroDivisionError

    with running(Relay("notify", publisher_url, redis_url), reader(redis_url, subscriber)):
        with pytest.raises(ZeroDivisionError):
            say_and_fail()
        say(publisher, 1)
        eventually(counted(subscriber), (1, 1))
    assert counted(subscriber, "select count(*) from effects where template = 'never'")() == (0,)


def test_numbers_stay_gapless_over_two_relays(
    redis_url: str, publisher_url: str, publisher: Pool
) -> None:
    both = [Relay("notify", publisher_url, redis_url) for _ in range(2)]
    with running(*both):
        say(publisher, 120)
        sent = counted(
            publisher,
            "select count(*), min(number), max(number) from outbox where sent_at > '-infinity'",
        )
        eventually(sent, (120, 1, 120))


def test_a_fact_delivered_twice_has_one_effect(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    say(publisher, 20)
    with running(Relay("notify", publisher_url, redis_url)):
        client = open_redis(redis_url)
        eventually(lambda: client.xlen(STREAM), 20)
        for _, fields in client.xrange(STREAM):
            client.xadd(STREAM, fields)
    with running(reader(redis_url, subscriber)):
        eventually(lambda: counted(subscriber)()[0], lambda found: found > 0)
        eventually(lambda: client.xpending(STREAM, group_of("registration"))["pending"], 0)
        eventually(counted(subscriber), (20, 20))


def test_a_redis_flushed_empty_loses_nothing(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    with running(Relay("notify", publisher_url, redis_url)):
        say(publisher, 60)
        client = open_redis(redis_url)
        eventually(lambda: client.xlen(STREAM), 60)
        client.flushall()
        with running(reader(redis_url, subscriber)):
            say(publisher, 5)
            eventually(counted(subscriber), (65, 65))


def test_facts_no_longer_kept_are_given_up_and_later_ones_still_arrive(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    with running(Relay("notify", publisher_url, redis_url)):
        say(publisher, 10)
        client = open_redis(redis_url)
        eventually(lambda: client.xlen(STREAM), 10)
        client.flushall()
        with publisher.connection() as conn:
            conn.execute("delete from outbox where number <= 4")
        with running(reader(redis_url, subscriber)):
            eventually(counted(subscriber), (6, 6))
            eventually(
                counted(
                    subscriber, "select through from inbox_progress where publisher = 'notify'"
                ),
                (10,),
            )


def test_what_a_dead_reader_held_is_taken_up_by_its_successor(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    say(publisher, 30)
    client = open_redis(redis_url)
    client.xgroup_create(STREAM, group_of("registration"), id="0", mkstream=True)
    with running(Relay("notify", publisher_url, redis_url)):
        eventually(lambda: client.xlen(STREAM), 30)
        client.xreadgroup(group_of("registration"), "probe-1", {STREAM: ">"}, count=30)
        with running(reader(redis_url, subscriber)):
            eventually(counted(subscriber), (30, 30), seconds=4)


def test_one_poisonous_fact_dies_alone_and_its_neighbours_live(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    def refuse_poison(work: Work, facts: Sequence[Envelope]) -> None:
        if any(f.data.template == "poison" for f in facts):
            raise Permanent("no such template")
        record(work, facts)

    say(publisher, 50)
    say(publisher, 1, "poison")
    say(publisher, 49)
    handler = refuse_poison
    with running(Relay("notify", publisher_url, redis_url), reader(redis_url, subscriber, handler)):
        eventually(counted(subscriber), (99, 99))
    (letter,) = letters(subscriber)
    assert (letter.type, letter.number, letter.attempts) == (FACT, 51, 1)
    assert "no such template" in letter.error


def test_a_fact_that_keeps_failing_is_given_up_after_its_attempts_and_can_be_replayed(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    def stumble(work: Work, facts: Sequence[Envelope]) -> None:
        raise KeyError("a bug")

    say(publisher, 1)
    with running(Relay("notify", publisher_url, redis_url)):
        client = open_redis(redis_url)
        eventually(lambda: client.xlen(STREAM), 1)
        ((entry, fields),) = client.xrange(STREAM)
    inbox = make_inbox(subscriber, stumble)
    delivery = Delivery("notify", entry.decode(), int(fields[b"n"]), fields[b"e"])
    settled = [inbox.apply_alone(delivery) for _ in range(MOST_ATTEMPTS)]
    assert settled == [False] * (MOST_ATTEMPTS - 1) + [True]
    (letter,) = letters(subscriber)
    make_inbox(subscriber).replay(letter)
    assert counted(subscriber)() == (1, 1)
    assert letters(subscriber) == []


def test_healthy_facts_in_a_batch_that_crashes_its_process_again_and_again_never_die(
    subscriber: Pool,
) -> None:
    """A process killed during a batch must not count against the batch's healthy facts."""
    inbox = make_inbox(subscriber)
    deliveries = [Delivery("notify", f"{n}-0", n, _raw(n)) for n in range(1, 101)]
    for survivors in range(0, 100, 10):
        for delivery in deliveries[survivors : survivors + 10]:
            assert inbox.apply_alone(delivery)
    assert counted(subscriber)() == (100, 100)
    assert letters(subscriber) == []
    assert counted(subscriber, "select count(*) from delivery_attempts")() == (0,)


def test_rubbish_on_the_stream_becomes_dead_letters_and_facts_flow_on(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    client = open_redis(redis_url)
    rubbish: list[dict[str, bytes]] = [
        {"n": b"900", "e": b"\xff\xfe not json"},
        {"e": b"{}"},
        {"unexpected": b"field"},
        {"n": b"x", "e": _raw(1).replace(b'"revision":1', b'"revision":"one"')},
        {"n": b"901", "e": _raw(2).replace(FACT.encode(), b"party.exploded.v9")},
        {"n": b"902", "e": _raw(3).replace(b'"t"', b'"t","surprise":true')},
        {"n": b"903", "e": _raw(4).replace(b'"t"', b'"nul \\u0000"')},
    ]
    for fields in rubbish:
        client.xadd(STREAM, fields)
    with running(Relay("notify", publisher_url, redis_url), reader(redis_url, subscriber)):
        say(publisher, 10)
        eventually(counted(subscriber), (10, 10))
        eventually(lambda: len(letters(subscriber)), len(rubbish))
        eventually(lambda: client.xpending(STREAM, group_of("registration"))["pending"], 0)


def test_the_stream_is_trimmed_once_every_group_has_read_it(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    with running(Relay("notify", publisher_url, redis_url), reader(redis_url, subscriber)):
        say(publisher, 300)
        eventually(counted(subscriber), (300, 300))
        client = open_redis(redis_url)
        client.xgroup_create(STREAM, group_of("dispatch"), id="0")
        assert client.xlen(STREAM) == 300
        client.xgroup_setid(STREAM, group_of("dispatch"), "$")
        eventually(lambda: client.xlen(STREAM), lambda length: length < 300)


def _raw(number: int) -> bytes:
    identity = f"00000000-0000-7000-8000-{number:012d}"
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": identity,
            "source": "/notify",
            "type": FACT,
            "subject": identity,
            "time": "2027-08-03T18:00:00Z",
            "datacontenttype": "application/json",
            "city": "c",
            "revision": 1,
            "correlationid": identity,
            "data": {
                "message_id": identity,
                "party_id": identity,
                "template": "t",
                "channel": "sms",
                "to": "+1",
                "sent_at": "2027-08-03T18:00:00Z",
            },
        }
    )


def test_a_subscriber_waits_out_a_database_that_is_away(
    redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    with (
        pool_of("postgresql://nobody@127.0.0.1:1/none") as away,
        running(Relay("notify", publisher_url, redis_url), reader(redis_url, away)),
    ):
        say(publisher, 3)
        client = open_redis(redis_url)
        eventually(lambda: client.xlen(STREAM), 3)
    with running(reader(redis_url, subscriber)):
        eventually(counted(subscriber), (3, 3))
    assert letters(subscriber) == []


HOSTILE: dict[str, dict[str, bytes]] = {
    "a number beyond all numbers": {"n": b"9" * 30, "e": _raw(1)},
    "a number of 5,000 digits": {"n": b"9" * 5_000, "e": _raw(1)},
    "a span that is none": {"gone": b"x"},
    "an id in another spelling": {"e": _raw(4).replace(b'"id":"0', b'"id":"urn:uuid:0')},
    "an id in capitals": {"e": _raw(3).replace(b'"id":"00', b'"id":"A0', 1)},
    "a moment before all time": {
        "e": _raw(2).replace(b'"time":"2027-08-03T18:00:00Z', b'"time":"0001-01-01T00:00:00+23:59')
    },
    "NUL in an attribute": {"e": _raw(5).replace(b'"city":"c"', b'"city":"\\u0000"')},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_never_stops_the_reader(
    name: str, redis_url: str, publisher_url: str, publisher: Pool, subscriber: Pool
) -> None:
    client = open_redis(redis_url)
    client.xadd(STREAM, HOSTILE[name])
    with running(Relay("notify", publisher_url, redis_url), reader(redis_url, subscriber)):
        say(publisher, 3)
        eventually(lambda: counted(subscriber)()[0], lambda found: found >= 3)
        eventually(lambda: client.xpending(STREAM, group_of("registration"))["pending"], 0)
