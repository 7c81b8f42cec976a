"""From facts to messages on a real database: once, in order or not, to whoever can be reached."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.notify.domain.decisions import MOVED_TOO_LITTLE, TOLD_ALREADY, TOLD_THE_SAME
from services.notify.domain.messages import Fate
from shared.db import Pool
from tests.notify.bench import Bench
from tests.notify.facts import (
    HOST,
    PARTY,
    amended,
    city_configured,
    party_of,
    registered,
    scheduled,
    unscheduled,
    withdrawn,
)

RECEIVED = [("received", "email", "created"), ("received", "sms", "suppressed")]
WINDOW = [("window", "sms", "created"), ("window", "email", "suppressed")]


def test_a_registration_is_confirmed_at_once_by_one_way_with_the_other_in_reserve(
    bench: Bench,
) -> None:
    bench.hear(city_configured(), registered())
    assert bench.summary() == RECEIVED
    mail, text = bench.messages()
    assert [mail.to, text.to] == [HOST.email, HOST.phone]
    assert [mail.reason, text.reason] == ["", "in reserve"]
    assert "bulk" in bench.nudged


@pytest.mark.parametrize("order", permutations(range(3)))
def test_three_facts_in_any_order_twice_say_the_same(bench: Bench, order: tuple[int, ...]) -> None:
    facts = [city_configured(), registered(), scheduled(10)]
    for _ in range(2):
        bench.hear(*(facts[i] for i in order))
        bench.settle()
    assert sorted(bench.summary()) == sorted(RECEIVED + WINDOW)


def test_a_visit_waits_until_it_has_settled(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10))
    bench.tick()
    assert bench.summary() == RECEIVED
    bench.settle()
    assert bench.summary() == RECEIVED + WINDOW


def test_changes_while_settling_merge_into_the_newest(bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    for revision, minutes in enumerate((10, 90, 40), start=1):
        bench.hear(scheduled(minutes, revision))
        bench.clock.move(seconds=1)
        bench.tick()
    bench.settle()
    window = [m for m in bench.messages() if m.template == "window"]
    assert len(window) == 2
    assert all("7:40" in m.body for m in window)


def test_endless_change_is_told_after_five_settle_times_all_the_same(bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    for revision in range(1, 14):
        bench.hear(scheduled(10 * revision, revision))
        bench.clock.move(seconds=1)
        bench.tick()
    assert ("window", "sms", "created") in bench.summary()


def test_to_and_fro_within_the_settle_time_says_nothing(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, 1))
    bench.settle()
    bench.deliver()
    bench.hear(scheduled(40, 2), unscheduled(3), scheduled(10, 4))
    bench.settle()
    assert len(bench.summary()) == len(RECEIVED + WINDOW)
    assert bench.reasons() == [TOLD_THE_SAME]


def test_a_small_move_is_kept_quiet_and_a_large_one_told(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, 1))
    bench.settle()
    bench.deliver()
    bench.hear(scheduled(18, 2))
    bench.settle()
    assert bench.reasons() == [MOVED_TOO_LITTLE]
    bench.hear(scheduled(25, 3))
    bench.settle()
    changed = [m for m in bench.messages() if m.template == "window_changed"]
    assert [m.channel for m in changed] == ["sms", "email"]
    assert "7:25-7:55 pm" in changed[0].body
    assert "7:25–7:55 pm" in changed[1].body


def test_a_lost_visit_is_told_with_the_day_it_was_promised_for(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, 1))
    bench.settle()
    bench.deliver()
    bench.hear(unscheduled(2))
    bench.settle()
    sorry = [m for m in bench.messages() if m.template == "not_coming"]
    assert [m.channel for m in sorry] == ["sms", "email"]
    assert "Tuesday, August 4" in sorry[0].body


def test_news_that_nobody_has_got_yet_is_overtaken_by_newer_news(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, 1))
    bench.settle()
    bench.hear(scheduled(90, 2))
    bench.settle()
    windows = [m for m in bench.messages() if m.template == "window"]
    assert [(m.state, m.reason) for m in windows] == [
        *[("suppressed", "overtaken by newer news")] * 2,
        ("created", ""),
        ("suppressed", "in reserve"),
    ]


def test_back_to_what_was_told_drops_what_was_not_sent_yet(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, 1))
    bench.settle()
    bench.deliver()
    bench.hear(scheduled(40, 2))
    bench.settle()
    bench.hear(scheduled(10, 3))
    bench.settle()
    bench.deliver()
    sent = [m for m in bench.messages() if m.state == "sent" and m.news == "visit"]
    assert [m.template for m in sent] == ["window"]
    assert bench.reasons() == [TOLD_THE_SAME]


def test_a_message_that_failed_for_the_moment_does_not_follow_newer_news(pool: Pool) -> None:
    bench = Bench(pool)
    bench.hear(city_configured(), registered(party_of(replace(HOST, email=""))), scheduled(10))
    bench.deliver()
    bench.settle()
    with bench.office.open() as shift:
        names = bench.senders.names()
        (old,) = shift.desk.claim("bulk", bench.office.claimant, names, shift.now, 9)
    bench.hear(scheduled(90, 2))
    bench.settle()
    with bench.office.open() as shift:
        shift.desk.settle([Fate(old.id, old.attempts, "created", "busy", shift.now)], shift.now)
    bench.deliver()
    bench.tick()
    told = {m.template: (m.state, m.reason) for m in bench.messages() if m.news == "visit"}
    assert told["window"] == ("suppressed", "overtaken by newer news")
    assert told["window_changed"] == ("sent", "")


def test_an_older_revision_changes_nothing(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, 5))
    bench.settle()
    bench.hear(scheduled(90, 4), unscheduled(3))
    bench.settle()
    assert bench.summary() == RECEIVED + WINDOW


def test_an_amendment_confirms_nothing_again(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), amended(party_of(name="Maple and Oak")))
    assert bench.summary() == RECEIVED
    assert bench.reasons() == [TOLD_ALREADY]


def test_later_news_and_waiting_messages_go_to_the_new_address(bench: Bench) -> None:
    moved = replace(HOST, phone="+16265550199", email="new@example.org")
    bench.hear(city_configured(), registered(), amended(party_of(moved)), scheduled(10))
    bench.settle()
    assert {m.to for m in bench.messages()} == {"+16265550199", "new@example.org"}


def test_what_waits_is_held_back_when_consent_or_the_party_goes(bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    bench.hear(scheduled(10))
    bench.settle()
    bench.hear(amended(party_of(replace(HOST, sms_consent=False))))
    assert [(m.channel, m.state) for m in bench.messages() if m.template == "window"] == [
        ("sms", "suppressed"),
        ("email", "created"),
    ]
    bench.hear(withdrawn())
    assert {m.state for m in bench.messages()} == {"suppressed"}


def test_a_withdrawn_party_hears_no_more_even_if_it_was_first_heard_of_so(bench: Bench) -> None:
    bench.hear(city_configured(), withdrawn(), registered(), scheduled(10))
    bench.settle()
    assert bench.messages() == []
    assert bench.reasons() == ["party withdrawn", "party withdrawn"]


def test_a_host_without_any_channel_is_listed_and_told_once_one_is_given(bench: Bench) -> None:
    unreachable = replace(HOST, phone="", email="")
    bench.hear(city_configured(), registered(party_of(unreachable)), scheduled(10))
    bench.settle()
    assert bench.summary() == [
        ("received", "none", "suppressed"),
        ("window", "none", "suppressed"),
    ]
    assert {m.reason for m in bench.messages()} == {"no channel"}
    bench.hear(amended(party_of(replace(HOST, phone=""))))
    bench.settle()
    assert bench.summary()[2:] == [
        ("received", "email", "created"),
        ("window", "email", "created"),
    ]


def test_a_phone_without_consent_gets_no_text(bench: Bench) -> None:
    bench.hear(city_configured(), registered(party_of(replace(HOST, sms_consent=False))))
    assert bench.summary() == [("received", "email", "created")]


def test_the_host_is_told_in_their_language(bench: Bench) -> None:
    bench.hear(city_configured(), registered(party_of(replace(HOST, language="es"))), scheduled(10))
    bench.settle()
    bodies = " ".join(m.body for m in bench.messages())
    assert "está registrada" in bodies
    assert "7:10–7:40 p. m." in bodies
    assert {m.language for m in bench.messages()} == {"es"}


def test_cities_are_strictly_apart(bench: Bench) -> None:
    bench.hear(city_configured(), city_configured("altadena"), registered())
    bench.hear(scheduled(10, city="altadena"))
    bench.settle()
    assert bench.summary() == RECEIVED
    bench.hear(registered(city="altadena"))
    bench.settle()
    assert {m.city for m in bench.messages() if m.template == "window"} == {"altadena"}


@pytest.mark.parametrize(
    "typed", ["Ana\r\nBcc: all@example.org", "'; drop table messages; --", "a\x00b", "\u202eevil"]
)
def test_hostile_names_become_one_line_of_text(bench: Bench, typed: str) -> None:
    host = replace(HOST, name=typed)
    bench.hear(city_configured(), registered(party_of(host, name=typed, address=typed)))
    for message in bench.messages():
        assert "\n" not in message.subject
        assert "\0" not in message.body
    assert len(bench.messages()) == 2


def test_a_party_is_known_by_its_own_city_only(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10, party_id=PARTY, city="nowhere"))
    bench.settle()
    assert bench.summary() == RECEIVED
