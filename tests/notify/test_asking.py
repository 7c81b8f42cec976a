"""A death, or a broken line, at each step between claim and record: asked, never sent blindly."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.notify.adapters.smtp import Smtp
from services.notify.adapters.twilio import Twilio
from services.notify.handlers.handing_over import hand_over
from services.notify.ports.senders import Senders
from shared.contracts.envelope import Envelope
from shared.db import Pool
from tests.notify.bench import SENDER, Bench, Killed
from tests.notify.facts import (
    TEXTED,
    SetClock,
    city_configured,
    one_by_text_one_by_mail,
    party_of,
    registered,
)
from tests.notify.mail_server import Post, mail_server
from tests.notify.peers import Twin, account_at, twin


class Dying:
    """Dies before or after its provider was given the batch."""

    def __init__(self, inner: Twilio | Smtp, after: bool) -> None:
        self.name = inner.name
        self.known = inner.known
        self._inner = inner
        self._after = after

    def send_texts(self, texts: list) -> None:
        if self._after:
            self._inner.send_texts(texts)
        raise Killed

    def send_letters(self, letters: list) -> None:
        if self._after:
            self._inner.send_letters(letters)
        raise Killed


@pytest.fixture
def told() -> Iterator[Twin]:
    with twin() as running:
        yield running


def on_twilio(pool: Pool, told: Twin, *parties: Envelope) -> tuple[Bench, Twilio]:
    clock = SetClock()
    told.clock = clock.now
    twilio = Twilio(account_at(told.url), clock, timeout=0.5, at_once=1)
    bench = Bench(pool, sms=twilio)
    bench.clock = clock
    bench.boot("first")
    bench.hear(city_configured(), *(parties or [registered(party_of(TEXTED))]))
    return bench, twilio


def sms_state(bench: Bench) -> str:
    return next(m.state for m in bench.messages() if m.channel == "sms")


def rounds(bench: Bench, seconds: int) -> None:
    """Let time pass as the worker spends it: every second a tick and a hand-over."""
    for _ in range(0, seconds, 5):
        bench.clock.move(seconds=5)
        bench.tick()
        bench.deliver()


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_a_provider_that_can_be_asked_ends_with_one_text(
    pool: Pool, told: Twin, after: bool
) -> None:
    bench, twilio = on_twilio(pool, told)
    bench.senders = Senders(Dying(twilio, after), bench.sandbox, outbox=bench.sandbox)
    bench.boot("first")
    with pytest.raises(Killed):
        hand_over("bulk", bench.office)
    bench.senders = Senders(twilio, bench.sandbox, outbox=bench.sandbox)
    bench.boot("second")
    bench.recover()
    assert sms_state(bench) == ("sent" if after else "unsure")
    rounds(bench, 90)
    assert sms_state(bench) == "sent"
    assert len(told.taken) == 1


@pytest.mark.parametrize("break_", ["hang", "close", "cut", "lost"])
def test_a_line_that_breaks_ends_with_one_text(pool: Pool, told: Twin, break_: str) -> None:
    told.script = lambda _: "take" if len(told.forms) > 1 else break_
    bench, _ = on_twilio(pool, told)
    bench.deliver()
    assert sms_state(bench) == "unsure"
    rounds(bench, 90)
    assert sms_state(bench) == "sent"
    assert len(told.taken) == 1
    with pool.connection() as conn:
        rows = conn.execute("select provider_ref from messages where channel = 'sms'").fetchall()
    assert rows == [(told.taken[0]["sid"],)]


def test_while_the_provider_cannot_be_asked_nothing_is_sent_again(pool: Pool, told: Twin) -> None:
    told.script = lambda _: "close"
    bench, twilio = on_twilio(pool, told)
    bench.deliver()
    away = Twilio(account_at("http://127.0.0.1:1"), bench.clock, at_once=1)
    bench.senders = Senders(away, bench.sandbox, outbox=bench.sandbox)
    bench.boot("second")
    rounds(bench, 300)
    assert sms_state(bench) == "unsure"
    assert len(told.forms) == 1
    bench.senders = Senders(twilio, bench.sandbox, outbox=bench.sandbox)
    bench.boot("third")
    rounds(bench, 30)
    assert sms_state(bench) == "sent"


@pytest.mark.parametrize(("after", "has"), [(False, 0), (True, 1)])
def test_a_death_at_a_mail_server_is_left_to_a_person(pool: Pool, after: bool, has: int) -> None:
    post = Post()
    with mail_server(post) as server:
        bench = Bench(pool)
        smtp = Smtp(server, SENDER, bench.clock, timeout=5)
        bench.senders = Senders(bench.sandbox, Dying(smtp, after), outbox=bench.sandbox)
        bench.boot("first")
        bench.hear(city_configured(), *one_by_text_one_by_mail())
        with pytest.raises(Killed):
            hand_over("bulk", bench.office)
        bench.senders = Senders(bench.sandbox, smtp, outbox=bench.sandbox)
        bench.boot("second")
        rounds(bench, 300)
        states = Counter((m.channel, m.state) for m in bench.messages())
        assert states == {("sms", "sent"): 1, ("email", "unsure"): 1}
        assert len(post.mail) == has


def test_the_answer_to_an_older_question_changes_nothing(pool: Pool, told: Twin) -> None:
    bench, _ = on_twilio(pool, told, *one_by_text_one_by_mail())
    with bench.office.open() as shift:
        names = bench.senders.names()
        claimed = shift.desk.claim("bulk", bench.office.claimant, names, shift.now, 10)
    assert {m.provider for m in claimed} == {"twilio", "outbox"}
    bench.boot("second")
    rounds(bench, 120)
    assert sms_state(bench) == "sent"
    assert len(told.taken) == 1
    assert bench.clock.now() - timedelta(minutes=3) < claimed[0].expires_at
