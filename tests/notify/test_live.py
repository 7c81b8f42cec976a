"""What hosts hear while the evening runs: once, at once, and never what is no longer true."""

from datetime import timedelta

import pytest

from services.notify.adapters.texts import SAMPLE_CITY, TemplateWords, sample_party
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed, NightHeld, NightResumed
from shared.contracts.values import Window
from shared.contracts.visit import (
    VisitEnRoute,
    VisitRescheduled,
    VisitSkipped,
    VisitUnscheduled,
)
from tests.notify.bench import Bench
from tests.notify.facts import CITY, PARTY, SEVEN, city_configured, registered, said, scheduled


@pytest.fixture
def evening(bench: Bench) -> Bench:
    """A host who was told of a visit; it is ten to seven now."""
    bench.hear(city_configured(), registered(), scheduled(10))
    bench.settle()
    bench.deliver()
    bench.clock.move(seconds=(SEVEN - bench.clock.now()).total_seconds() - 600)
    return bench


def on_the_way(minutes: int = 8, revision: int = 1) -> Envelope:
    at = SEVEN - timedelta(minutes=10)
    expected = at + timedelta(minutes=minutes)
    fact = VisitEnRoute(PARTY, "t1", "Team 1", minutes, expected, at)
    return said(fact, f"{PARTY}/t1", revision)


def templates(bench: Bench) -> list[str]:
    return [m.template for m in bench.messages() if m.channel == "sms"][2:]


def test_a_host_hears_once_and_at_once_that_a_team_is_on_its_way(evening: Bench) -> None:
    evening.hear(on_the_way(), on_the_way())
    assert templates(evening) == ["on_the_way"]
    assert "urgent" in evening.nudged
    (message,) = [
        m for m in evening.messages() if m.template == "on_the_way" and m.channel == "sms"
    ]
    assert "about 8 min away" in message.body
    evening.deliver()
    assert ("on_the_way", "sms", "sent") in evening.summary()


def test_what_is_late_says_so_many_minutes_less_and_too_late_nothing(evening: Bench) -> None:
    evening.clock.move(minutes=5)
    evening.hear(on_the_way())
    assert "about 3 minutes away" in evening.messages()[-1].body
    evening.clock.move(minutes=60)
    evening.hear(on_the_way(revision=2))
    assert templates(evening) == ["on_the_way"]


def test_a_changed_promise_is_a_new_time(evening: Bench) -> None:
    window = Window(SEVEN + timedelta(minutes=40), SEVEN + timedelta(minutes=60))
    before = Window(SEVEN + timedelta(minutes=10), SEVEN + timedelta(minutes=40))
    fact = VisitRescheduled(
        *(PARTY, 2, "t1", "Team 1", ("police",), window.opens, window, before),
        *(0.8, "Team 1 is running late.", 9),
    )
    evening.hear(said(fact, PARTY, 2))
    evening.settle()
    assert templates(evening) == ["window_changed"]


def test_a_visit_left_out_is_regretted(evening: Bench) -> None:
    at = evening.clock.now()
    evening.hear(said(VisitSkipped(PARTY, "t1", "Team 1", "Closed street.", at), f"{PARTY}/t1", 2))
    assert templates(evening) == ["skipped"]


def test_a_night_that_is_held_goes_on_or_is_called_off_is_told_to_who_expects_a_visit(
    evening: Bench,
) -> None:
    at = evening.clock.now()
    evening.hear(said(NightHeld((), "A storm.", at), CITY, 2))
    evening.deliver()
    evening.hear(said(NightResumed((), at), CITY, 3))
    evening.deliver()
    evening.hear(said(NightClosed(called_off=True, reason="A storm.", at=at), CITY, 4))
    assert templates(evening) == ["held", "resumed", "called_off"]
    evening.hear(said(NightHeld(("north",), "A storm.", at), CITY, 5))
    assert templates(evening) == ["held", "resumed", "called_off"]


def test_a_visit_in_a_held_area_is_held_and_not_regretted(evening: Bench) -> None:
    evening.hear(said(VisitUnscheduled(PARTY, "held", "Held for now.", 9), PARTY, 2))
    evening.settle()
    assert templates(evening) == ["held"]


def test_a_visit_in_an_area_that_is_called_off_is_regretted_with_the_reason(
    evening: Bench,
) -> None:
    off = VisitUnscheduled(PARTY, "called_off", "Called off.", 9, "Storm.")
    evening.hear(said(off, PARTY, 2))
    evening.settle()
    assert templates(evening) == ["called_off"]
    (text,) = [m for m in evening.messages() if (m.template, m.channel) == ("called_off", "sms")]
    assert "visits in your part of the city are called off" in text.body
    assert "Reason: a storm. Stay safe." in text.body


@pytest.mark.parametrize(
    ("why", "said_of_it"),
    [("Storm", "Motivo: una tormenta."), ("Se cayó un árbol.", "Motivo: Se cayó un árbol.")],
)
def test_a_reason_is_said_in_the_language_of_the_host(why: str, said_of_it: str) -> None:
    words = TemplateWords().compose(
        "called_off", "sms", SAMPLE_CITY, sample_party("es"), None, why=why, part=True
    )
    assert said_of_it in words.body


def test_the_usual_end_is_no_alarm() -> None:
    words = TemplateWords().compose(
        "called_off", "sms", SAMPLE_CITY, sample_party("en"), None, why="The evening is over"
    )
    assert "the evening is over, and no team can come" in words.body
    assert "Stay safe" not in words.body


def test_an_evening_that_closes_as_planned_is_no_news(evening: Bench) -> None:
    at = evening.clock.now() + timedelta(hours=3)
    evening.hear(said(NightClosed(called_off=False, reason="", at=at), CITY, 2))
    assert templates(evening) == []
