"""When a message fails for good: the other channel, then the call list, and only then a word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.domain.receipts import Receipt
from services.notify.handlers.receiving import take_receipts
from services.notify.ports.senders import Senders
from shared.contracts.message import MessageFailed
from shared.db import Pool
from tests.notify.bench import Bench
from tests.notify.facts import (
    HOST,
    NOW,
    PARTY,
    TEXTED,
    amended,
    city_configured,
    party_of,
    registered,
    scheduled,
)
from tests.notify.test_handing_over import Scripted
from tests.notify.writing import run


class Named(Scripted):
    """A provider with a name of its own."""

    def __init__(self, name: str, *answers: Outcome) -> None:
        super().__init__(*answers)
        self.name = name


def reserved(pool: Pool, sms: Scripted, email: Scripted | None = None) -> Bench:
    """A bench with a planned visit to be told: by text, with the e-mail held in reserve."""
    bench = Bench(pool)
    bench.hear(city_configured(), registered())
    bench.deliver()
    bench.senders = Senders(sms, email or bench.sandbox, outbox=bench.sandbox)
    bench.boot("second")
    bench.hear(scheduled(10))
    bench.settle()
    return bench


def states(bench: Bench) -> dict[str, str]:
    """How it is with the news, by channel: that of the visit where there is one."""
    found = bench.messages()
    news = {m.news for m in found} - {"received"} or {"received"}
    return {m.channel: m.state for m in found if m.news in news}


def calls(bench: Bench) -> list[tuple[object, ...]]:
    with bench.pool.connection() as conn:
        return conn.execute("select party_id, template, reason from calls").fetchall()


def failures(bench: Bench) -> list[str]:
    return [e.data.reason for e in bench.published() if isinstance(e.data, MessageFailed)]


def test_a_reserve_stays_where_it_is_while_the_first_is_well(pool: Pool) -> None:
    bench = reserved(pool, Scripted())
    bench.deliver()
    bench.expire()
    assert states(bench) == {"sms": "sent", "email": "suppressed"}
    assert (calls(bench), failures(bench)) == ([], [])


def test_a_bad_number_falls_to_the_mail_at_once_and_nobody_says_failed(pool: Pool) -> None:
    bench = reserved(pool, Scripted(Refused("no such number")))
    bench.deliver()
    assert states(bench) == {"sms": "failed_permanent", "email": "sent"}
    assert (calls(bench), failures(bench)) == ([], [])


def test_with_both_failed_somebody_has_to_call_and_it_is_said_once(pool: Pool) -> None:
    mail = Named("mail", Refused("no such mailbox"))
    bench = reserved(pool, Scripted(Refused("no such number")), mail)
    bench.deliver()
    bench.expire()
    assert states(bench) == {"sms": "failed_permanent", "email": "failed_permanent"}
    assert calls(bench) == [(PARTY, "window", "no such mailbox")]
    assert failures(bench) == ["no such mailbox"]


def test_what_was_accepted_and_then_undelivered_falls_to_the_mail(pool: Pool) -> None:
    bench = reserved(pool, Scripted(Accepted("SM1")))
    bench.deliver()
    receipt = Receipt("scripted", "", "SM1", "failed_permanent", "a landline")
    assert [take_receipts(bench.office.open, [receipt]) for _ in range(2)] == [1, 0]
    bench.deliver()
    assert states(bench) == {"sms": "failed_permanent", "email": "sent"}
    assert failures(bench) == []


def test_a_provider_that_knows_of_an_opt_out_writes_it_into_the_ledger(pool: Pool) -> None:
    bench = reserved(pool, Scripted(Refused("opted out", opted_out=True)))
    bench.deliver()
    assert states(bench)["email"] == "sent"
    with pool.connection() as conn:
        found = conn.execute("select channel, address, purpose, source from opted_out").fetchall()
    assert found == [("sms", HOST.phone, "all", "provider")]


def test_a_reserve_whose_time_has_passed_is_not_sent(pool: Pool) -> None:
    bench = reserved(pool, Scripted(Accepted("SM1")))
    bench.deliver()
    bench.clock.move(days=4)
    receipt = Receipt("scripted", "", "SM1", "failed_temporary", "switched off")
    take_receipts(bench.office.open, [receipt])
    assert states(bench)["email"] == "suppressed"
    assert failures(bench) == ["switched off"]


@pytest.mark.parametrize(("lane", "waits"), [("bulk", True), ("urgent", False)])
def test_a_reserve_that_is_let_go_amid_the_night_waits_for_the_morning(
    pool: Pool, lane: str, waits: bool
) -> None:
    bench = reserved(pool, Scripted(Accepted("SM1")))
    run(bench, f"update messages set lane = '{lane}' where news = 'visit' returning id")
    bench.deliver()
    bench.clock.move(hours=13)
    take_receipts(bench.office.open, [Receipt("scripted", "", "SM1", "failed_permanent", "gone")])
    bench.deliver()
    assert states(bench)["email"] == ("created" if waits else "sent")
    bench.clock.move(hours=9)
    bench.deliver()
    assert states(bench)["email"] == "sent"


def test_a_text_in_reserve_for_a_mail_that_came_back_by_night_waits_for_the_morning(
    pool: Pool,
) -> None:
    bench = Bench(pool, email=Scripted(Refused("no such mailbox")))
    bench.clock.move(hours=13)
    bench.hear(city_configured(), registered())
    bench.deliver()
    assert states(bench) == {"email": "failed_permanent", "sms": "created"}
    bench.clock.move(hours=9)
    bench.deliver()
    assert states(bench)["sms"] == "sent"


def test_a_mail_in_reserve_for_a_number_that_was_taken_back_by_night_waits_for_the_morning(
    pool: Pool,
) -> None:
    bench = Bench(pool)
    bench.hear(city_configured(), registered(), scheduled(10))
    bench.settle()
    bench.clock.move(hours=13)
    bench.hear(amended(party_of(replace(HOST, phone=""))))
    due = run(bench, "select due_at from messages where news = 'visit' and channel = 'email'"
        " and state = 'created'")  # fmt: skip
    assert due == [(NOW + timedelta(hours=22),)]


def test_what_is_unsure_is_never_said_again_by_the_other_channel(pool: Pool) -> None:
    bench = reserved(pool, Scripted(Unsure("the line broke")))
    for _ in range(3):
        bench.deliver()
        bench.recover()
        bench.expire()
        bench.clock.move(minutes=5)
    assert states(bench) == {"sms": "unsure", "email": "suppressed"}


def test_a_first_that_opted_out_frees_its_reserve_with_the_next_round(pool: Pool) -> None:
    bench = reserved(pool, Scripted())
    with pool.connection() as conn:
        conn.execute(
            "update messages set state='suppressed', reason='opted out'"
            " where channel='sms' and news='visit'"
        )
    bench.tick()
    bench.deliver()
    assert states(bench)["email"] == "sent"


def opt_out(pool: Pool, purpose: str = "all") -> None:
    with pool.connection() as conn:
        conn.execute(
            "insert into consent_ledger"
            " (city, channel, address, purpose, opted_out, words, source, at)"
            " values ('pasadena', 'sms', %s, %s, true, 'STOP', 'inbound', now())",
            (HOST.phone, purpose),
        )


def test_who_opted_out_of_texts_is_told_by_mail_at_once_and_needs_no_call(pool: Pool) -> None:
    bench = reserved(pool, Scripted())
    opt_out(pool)
    bench.deliver()
    assert states(bench) == {"sms": "suppressed", "email": "sent"}
    assert (calls(bench), failures(bench)) == ([], [])


def test_who_opted_out_of_texts_and_has_no_mail_is_called_once(pool: Pool) -> None:
    bench = Bench(pool)
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    bench.deliver()
    opt_out(pool)
    bench.hear(scheduled(10))
    bench.settle()
    for _ in range(2):
        bench.deliver()
        bench.expire()
    reason = "opted out, and there is no other way"
    assert calls(bench) == [(PARTY, "window", reason)]
    assert failures(bench) == [reason]


def test_who_opted_out_of_reminders_is_not_called_for_one(pool: Pool) -> None:
    bench = Bench(pool)
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    run(bench, "update messages set purpose = 'reminders' returning id")
    opt_out(pool, "reminders")
    bench.deliver()
    bench.expire()
    assert [m.state for m in bench.messages()] == ["suppressed"]
    assert (calls(bench), failures(bench)) == ([], [])


def test_a_reserve_overtaken_by_newer_news_stays_unsaid(pool: Pool) -> None:
    bench = reserved(pool, Scripted(Refused("no such number")))
    with pool.connection() as conn:
        conn.execute(
            "insert into messages select (jsonb_populate_record(m, jsonb_build_object('id', 'new',"
            " 'revision', 2, 'channel', 'none', 'state', 'suppressed', 'dedupe', 'new'))).*"
            " from messages m where channel = 'email' and news = 'visit'"
        )
        conn.execute("update messages set revision = 3 where channel = 'sms' and news = 'visit'")
    bench.deliver()
    assert states(bench)["email"] == "suppressed"


@pytest.mark.parametrize(("template", "called"), [("on_the_way", 0), ("window", 1)])
def test_what_passed_by_itself_needs_no_call(pool: Pool, template: str, called: int) -> None:
    bench = reserved(pool, Scripted())
    with pool.connection() as conn:
        conn.execute("update messages set template = %s where news = 'visit'", (template,))
    bench.clock.move(days=4)
    bench.expire()
    assert len(calls(bench)) == called
    assert len(failures(bench)) == 1


def shifting(pool: Pool, first: Scripted, second: Scripted) -> Bench:
    bench = Bench(pool, sms=first)
    bench.senders = Senders(first, bench.sandbox, more_sms=(second,), outbox=bench.sandbox)
    bench.boot("first")
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    return bench


def test_what_the_first_provider_does_not_take_goes_to_the_second_at_once(pool: Pool) -> None:
    first, second = Named("one", *[Deferred("fails")] * 3), Named("two")
    bench = shifting(pool, first, second)
    for _ in range(4):
        bench.deliver()
        bench.clock.move(seconds=20)
    assert states(bench)["sms"] == "sent"
    assert (len(first.got), len(second.got)) == (3, 1)
    assert next(m.provider for m in bench.messages() if m.channel == "sms") == "two"


def test_what_the_first_may_have_is_never_given_to_the_second(pool: Pool) -> None:
    first, second = Named("one", *[Unsure("hung up")] * 9), Named("two")
    bench = shifting(pool, first, second)
    for _ in range(5):
        bench.deliver()
        bench.tick()
        bench.clock.move(minutes=1)
    assert states(bench)["sms"] == "unsure"
    assert (len(first.got), len(second.got)) == (1, 0)


def test_how_providers_do_is_kept_for_the_page(pool: Pool) -> None:
    bench = shifting(pool, Named("one", *[Deferred("fails")] * 3), Named("two"))
    for _ in range(4):
        bench.deliver()
        bench.tick()
        bench.clock.move(seconds=20)
    with pool.connection() as conn:
        row = conn.execute(
            "select provider, words from provider_health where shut_until is not null"
        )
        assert row.fetchall() == [("one", "fails")]


def stop_trusting(pool: Pool) -> None:
    """From now on the city's numbers have to answer before they are texted."""
    with pool.connection() as conn:
        conn.execute("delete from trusting_cities where city = 'pasadena'")


def test_who_has_not_answered_yet_is_told_by_mail_at_once(pool: Pool) -> None:
    bench = reserved(pool, Scripted())
    stop_trusting(pool)
    bench.deliver()
    assert states(bench) == {"sms": "suppressed", "email": "sent"}
    assert (calls(bench), failures(bench)) == ([], [])


def test_who_has_not_answered_and_has_no_mail_is_called_once(pool: Pool) -> None:
    bench = Bench(pool)
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    bench.deliver()
    bench.hear(scheduled(10))
    bench.settle()
    stop_trusting(pool)
    for _ in range(2):
        bench.deliver()
        bench.expire()
    reason = "the number has not answered yet, and there is no other way"
    assert calls(bench) == [(PARTY, "window", reason)]
    assert failures(bench) == [reason]
