"""A host who asks for the private link gets it at once, once for each request."""

from dataclasses import replace

import pytest

from shared.contracts.envelope import Envelope
from shared.contracts.link import LinkRequested
from tests.notify.bench import Bench
from tests.notify.facts import HOST, PARTY, city_configured, party_of, registered, said, withdrawn


def asked(times: int = 1) -> Envelope:
    return said(LinkRequested(PARTY), f"{PARTY}/link", times)


def letters(bench: Bench) -> list[str]:
    return [m.body for m in bench.messages() if m.channel == "email"]


def test_the_link_is_written_once_for_each_request(bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    bench.settle()
    bench.hear(asked())
    bench.hear(asked())
    bench.hear(asked(2))
    bodies = letters(bench)
    assert len(bodies) == 3
    assert all("https://nno.example.org/p/secret" in body for body in bodies)
    assert "urgent" in bench.nudged


def test_an_answer_that_comes_hours_late_is_not_sent(bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    bench.settle()
    bench.clock.move(minutes=200)
    bench.hear(asked())
    assert len(letters(bench)) == 1


def test_a_withdrawn_party_gets_no_link(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), withdrawn())
    bench.settle()
    bench.hear(asked())
    assert len(letters(bench)) == 1


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Your private link for Pasadena Night Out", "asked us to send the private link"),
        ("es", "Su enlace privado para Pasadena Night Out", "nos pidió enviar otra vez el enlace"),
    ],
)
def test_the_letter_says_what_it_is(bench: Bench, language: str, subject: str, words: str) -> None:
    bench.hear(city_configured(), registered(party_of(replace(HOST, language=language))))
    bench.hear(asked())
    letter = bench.messages()[-2]
    assert (letter.template, letter.channel, letter.subject) == ("link", "email", subject)
    assert words in letter.body
    assert words in letter.html
    assert "https://nno.example.org/p/secret" in letter.html
    assert "thank you for hosting" not in letter.body
