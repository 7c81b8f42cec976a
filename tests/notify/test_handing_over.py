"""Claimed, handed over, recorded; and a death at every step between."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.handlers.handing_over import hand_over
from services.notify.ports.senders import Letter, Senders, Sought, Text
from shared.contracts.message import MessageFailed, MessageSent
from shared.db import Pool
from tests.notify.bench import Bench, DyingSandbox, Killed
from tests.notify.facts import HOST, city_configured, one_by_text_one_by_mail, scheduled


class Scripted:
    """A provider that answers as it is told, and cannot be asked."""

    name = "scripted"

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.got: list[str] = []

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        return [self._answer(text.id) for text in texts]

    def send_letters(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        return [self._answer(letter.id) for letter in letters]

    def known(self, _sought: Sequence[Sought], /) -> Mapping[str, Outcome] | None:
        return None

    def _answer(self, message_id: str) -> Outcome:
        self.got.append(message_id)
        return self.answers.pop(0) if self.answers else Accepted()


def registered_bench(pool: Pool, sms: Scripted | None = None) -> Bench:
    bench = Bench(pool, sms=sms)
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    return bench


def states(bench: Bench) -> list[str]:
    return [m.state for m in bench.messages()]


def test_a_message_is_sent_and_said_to_be_sent_with_a_masked_address(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    bench.deliver()
    assert states(bench) == ["sent", "sent"]
    facts = [e.data for e in bench.published()]
    assert [(f.channel, f.to) for f in facts if isinstance(f, MessageSent)] == [
        ("sms", "+1 •••• 23"),
        ("email", "a…@example.org"),
    ]
    assert {e.correlation for e in bench.published()} == {"test-run"}


def test_nothing_private_leaves_in_facts(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    bench.deliver()
    said = bench.everything_logged()
    for private in (HOST.phone, HOST.email, "/p/secret", "Ana"):
        assert private not in said


@pytest.mark.parametrize(("dies", "has"), [("before", 0), ("amid", 1), ("after", 1)])
def test_a_death_while_handing_over_is_settled_by_asking(pool: Pool, dies: str, has: int) -> None:
    bench = Bench(pool)
    asked = bench.senders
    dying = DyingSandbox(bench.sandbox, dies)
    bench.senders = Senders(dying, dying)
    bench.boot("first")
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    with pytest.raises(Killed):
        hand_over("bulk", bench.office)
    assert states(bench) == ["sending", "sending"]
    assert bench.taken() == has

    bench.senders = asked
    bench.boot("second")
    bench.recover()
    assert states(bench).count("sent") == has
    bench.clock.move(seconds=10)
    bench.deliver()
    assert states(bench) == ["sent", "sent"]
    assert bench.taken() == 2
    assert len(bench.published()) == 2


def test_a_death_after_the_claim_and_one_after_the_record_lose_and_double_nothing(
    bench: Bench,
) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    names = bench.senders.names()
    with bench.office.open() as shift:
        shift.desk.claim("bulk", bench.office.claimant, names, shift.now, 10)
    bench.boot("second")
    bench.recover()
    bench.clock.move(seconds=10)
    bench.deliver()
    bench.boot("third")
    bench.recover()
    bench.deliver()
    assert states(bench) == ["sent", "sent"]
    assert len(bench.published()) == 2


def test_a_death_in_the_recording_transaction_records_nothing_and_sends_once(
    bench: Bench,
) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    names = bench.senders.names()
    with bench.office.open() as shift:
        claimed = shift.desk.claim("bulk", bench.office.claimant, names, shift.now, 10)
    bench.sandbox.send_texts([Text(m.id, m.to, m.body) for m in claimed])
    with pytest.raises(Killed), bench.office.open():
        raise Killed
    bench.boot("second")
    bench.recover()
    assert states(bench) == ["sent", "sent"]
    assert bench.taken() == 2
    assert len(bench.published()) == 2


def test_the_living_are_not_robbed_of_their_claims(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    names = bench.senders.names()
    with bench.office.open() as shift:
        shift.desk.claim("bulk", bench.office.claimant, names, shift.now, 10)
    bench.recover()
    assert states(bench) == ["sending", "sending"]
    bench.clock.move(seconds=31)
    bench.recover()
    assert "sending" not in states(bench)


def test_where_nobody_can_be_asked_the_message_is_unsure_and_never_sent_again(pool: Pool) -> None:
    silent = Scripted()
    bench = registered_bench(pool, sms=silent)
    with bench.office.open() as shift:
        shift.desk.claim("bulk", bench.office.claimant, bench.senders.names(), shift.now, 10)
    bench.boot("second")
    bench.recover()
    bench.clock.move(seconds=10)
    bench.deliver()
    assert states(bench) == ["unsure", "sent"]
    assert silent.got == []
    assert "cannot be asked" in bench.messages()[0].reason


def test_a_slow_sender_may_still_report_what_was_given_up(pool: Pool) -> None:
    class Slow(Scripted):
        def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
            bench.clock.move(seconds=40)
            bench.recover()
            assert states(bench)[0] == "unsure"
            return super().send_texts(texts)

    bench = registered_bench(pool, sms=Slow())
    bench.deliver()
    assert states(bench) == ["sent", "sent"]


def test_a_permanent_failure_stops_at_once_and_is_said(pool: Pool) -> None:
    bench = registered_bench(pool, sms=Scripted(Refused("no such number")))
    bench.deliver()
    bench.clock.move(hours=1)
    bench.deliver()
    assert states(bench) == ["failed_permanent", "sent"]
    failed = [e.data for e in bench.published() if isinstance(e.data, MessageFailed)]
    assert [f.reason for f in failed] == ["no such number"]


def test_a_passing_failure_backs_off_and_is_tried_again(pool: Pool) -> None:
    provider = Scripted(Deferred("busy"), Deferred("busy"))
    bench = registered_bench(pool, sms=provider)
    for seconds, tries in ((0, 1), (4, 1), (1, 2), (9, 2), (1, 3)):
        bench.clock.move(seconds=seconds)
        bench.deliver()
        assert len(provider.got) == tries
    assert states(bench) == ["sent", "sent"]


def test_what_cannot_be_retried_in_time_expires_and_is_said(pool: Pool) -> None:
    provider = Scripted(*[Deferred("busy")] * 500)
    bench = registered_bench(pool, sms=provider)
    message = bench.messages()[0]
    bench.clock.move(seconds=(message.expires_at - bench.clock.now()).total_seconds() - 3)
    bench.deliver()
    assert states(bench) == ["failed_temporary", "sent"]
    assert bench.messages()[0].reason == "it would arrive too late; busy"


def test_what_waited_too_long_is_dropped_listed_and_said(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    bench.clock.move(days=2)
    bench.deliver()
    bench.expire()
    assert states(bench) == ["expired", "expired"]
    assert {type(e.data) for e in bench.published()} == {MessageFailed}
    assert bench.taken() == 0


def test_an_unclear_answer_is_shown_and_never_sent_again(pool: Pool) -> None:
    provider = Scripted(Unsure("the line broke"))
    bench = registered_bench(pool, sms=provider)
    bench.deliver()
    bench.clock.move(hours=1)
    bench.deliver()
    bench.recover()
    assert states(bench) == ["unsure", "sent"]
    assert len(provider.got) == 1


def test_the_urgent_lane_does_not_wait_for_the_bulk_lane(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    visit = scheduled(10)
    bench.clock.move(seconds=(visit.data.window.opens - bench.clock.now()).total_seconds() - 3600)
    bench.hear(visit)
    bench.settle()
    assert {m.lane for m in bench.messages() if m.template == "window"} == {"urgent"}
    assert hand_over("urgent", bench.office) == 1
    assert {m.state for m in bench.messages() if m.template == "window"} == {"sent"}


def test_a_lost_hint_is_made_good_by_the_round(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    bench.nudged.clear()
    bench.tick()
    assert bench.nudged == ["bulk"]
    bench.deliver()
    bench.nudged.clear()
    bench.tick()
    assert bench.nudged == []


def test_messages_last_as_long_as_they_are_useful(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail(), scheduled(10))
    bench.settle()
    window = next(m for m in bench.messages() if m.template == "window")
    assert window.expires_at == scheduled(10).data.window.closes
    received = bench.messages()[0]
    assert received.expires_at - received.created_at == timedelta(days=2)
