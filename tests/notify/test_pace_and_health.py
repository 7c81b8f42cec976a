"""How fast a provider is given messages, and when another one gets them: pure rules."""

from datetime import timedelta

import pytest

from services.notify.adapters.watch import ProviderWatch
from services.notify.domain.health import WELL, Choice, after_faults, choose
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.domain.pace import Busy, Pace
from services.notify.domain.receipts import Receipt, moves
from tests.notify.facts import NOW, SetClock

TWO = ("twilio", "sns")
FAULT = Deferred("busy")


@pytest.mark.parametrize(
    ("segments", "senders", "rate", "seconds"),
    [(0, 1, 1, 0), (1500, 1, 1, 1500), (1500, 4, 1, 375), (7, 2, 10, 0.4), (500, 1, 0, 0)],
)
def test_the_time_that_segments_take_can_be_told_before(
    segments: int, senders: int, rate: float, seconds: float
) -> None:
    pace = Pace("twilio", tuple(str(i) for i in range(senders)), rate)
    assert pace.seconds_for(segments) == pytest.approx(seconds)


def test_a_sender_takes_what_fits_into_a_second_and_then_rests() -> None:
    pace = Pace("twilio", ("a",), 2)
    busy = Busy.read(pace, {}, NOW)
    assert [busy.take("a", 1) for _ in range(4)] == [True, True, False, False]
    later = Busy.read(pace, busy.until, NOW + timedelta(seconds=0.5))
    assert [later.take("a", 1) for _ in range(2)] == [True, False]


def test_a_long_message_goes_too_and_is_rested_from() -> None:
    pace = Pace("twilio", ("a",), 1)
    busy = Busy.read(pace, {}, NOW)
    assert busy.take("a", 5)
    assert not Busy.read(pace, busy.until, NOW + timedelta(seconds=3.9)).take("a", 1)
    assert Busy.read(pace, busy.until, NOW + timedelta(seconds=4.1)).take("a", 1)


def test_what_is_held_for_others_is_not_counted_as_spent() -> None:
    busy = Busy.read(Pace("twilio", ("a",), 2), {}, NOW)
    busy.hold("a", 1)
    assert busy.take("a", 1)
    assert not busy.take("a", 1)
    assert busy.spent == {"a": 0.5}


def test_a_host_is_always_written_to_by_the_same_number() -> None:
    pace = Pace("twilio", ("a", "b", "c"), 1)
    hosts = [f"+1626555{i:04}" for i in range(300)]
    chosen = [pace.sender_for(host) for host in hosts]
    assert chosen == [pace.sender_for(host) for host in hosts]
    assert all(chosen.count(sender) > 60 for sender in "abc")


def test_three_faults_in_a_row_shift_to_the_second_and_a_good_try_shifts_back() -> None:
    clock = SetClock()
    watch = ProviderWatch(clock)
    watch.tell("twilio", [FAULT, FAULT], 0.1)
    assert watch.choose(TWO) == Choice("twilio", well=True)
    watch.tell("twilio", [FAULT], 0.1)
    assert watch.choose(TWO) == Choice("sns", well=True)
    clock.move(seconds=30)
    assert watch.choose(TWO) == Choice("twilio", well=False, probes=True)
    watch.tell("twilio", [Accepted()], 0.1)
    assert watch.choose(TWO) == Choice("twilio", well=True)


def test_each_failed_try_doubles_the_rest_up_to_five_minutes() -> None:
    clock = SetClock()
    watch = ProviderWatch(clock)
    watch.tell("twilio", [FAULT] * 3, 0.1)
    for rest in (30, 60, 120, 240, 300, 300):
        clock.move(seconds=rest - 1)
        assert watch.choose(TWO).provider == "sns"
        clock.move(seconds=1)
        assert watch.choose(TWO).probes
        watch.tell("twilio", [FAULT], 0.1)


@pytest.mark.parametrize(
    ("outcomes", "seconds", "provider"),
    [
        ([Accepted(), FAULT, FAULT, FAULT], 0.1, "sns"),
        ([FAULT, FAULT, FAULT, Accepted()], 0.1, "twilio"),
        ([FAULT, Refused("bad number"), FAULT, FAULT], 0.1, "twilio"),
        ([Unsure("?")] * 3, 0.1, "sns"),
        ([Accepted(), Accepted()], 17.0, "sns"),
        ([Accepted(), Accepted()], 8.0, "twilio"),
    ],
)
def test_faults_count_in_a_row_and_slow_is_a_fault(
    outcomes: list[Outcome], seconds: float, provider: str
) -> None:
    watch = ProviderWatch(SetClock())
    watch.tell("twilio", outcomes, seconds)
    assert watch.choose(TWO).provider == provider


def test_with_every_provider_shut_messages_still_go_to_one() -> None:
    one = after_faults(WELL, 3, "x", NOW)
    two = after_faults(WELL, 3, "x", NOW + timedelta(seconds=5))
    healths = {"twilio": two, "sns": one}
    assert choose(TWO, healths, NOW + timedelta(seconds=6)) == Choice("sns", well=False)
    assert choose(["twilio"], healths, NOW) == Choice("twilio", well=False)


def test_a_shut_provider_that_fails_meanwhile_is_not_shut_for_longer() -> None:
    shut = after_faults(WELL, 3, "x", NOW)
    assert after_faults(shut, 1, "y", NOW + timedelta(seconds=5)).shut_until == shut.shut_until


@pytest.mark.parametrize(
    ("before", "ref", "told", "their_ref", "changes"),
    [
        ("sending", "", "sent", "1", True),
        ("unsure", "", "delivered", "1", True),
        ("created", "", "sent", "1", True),
        ("sent", "1", "sent", "1", False),
        ("sent", "1", "failed_permanent", "1", True),
        ("sent", "1", "failed_permanent", "2", False),
        ("sent", "1", "delivered", "2", True),
        ("delivered", "1", "failed_permanent", "1", False),
        ("failed_temporary", "1", "delivered", "1", True),
        ("failed_temporary", "1", "failed_permanent", "1", False),
        ("expired", "", "delivered", "1", False),
        ("suppressed", "", "delivered", "1", False),
    ],
)
def test_what_is_known_of_a_message_only_grows(
    before: str, ref: str, told: str, their_ref: str, changes: bool
) -> None:
    assert moves(before, ref, Receipt("twilio", "m", their_ref, told)) is changes
