"""The Twilio sender: against Twilio's own description of its API, and against every bad answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from services.notify.adapters.twilio import Twilio
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.ports.senders import Sought, Text
from tests.conftest import missing
from tests.notify.facts import NOW, SetClock
from tests.notify.peers import FROM, Twin, account_at, has_prism, prism, twin

TEXT = Text(
    "0190a000-0000-7000-8000-00000000000a", "+16265550123", "Pasadena: ¡hola & adiós!", FROM
)
HOOK = "https://messages.example.org/webhooks/twilio/status"


def sender_at(told: Twin, clock: SetClock | None = None, **how: float) -> Twilio:
    account = account_at(told.url, callback=HOOK)
    return Twilio(account, clock or SetClock(), timeout=how.get("timeout", 0.5), at_once=1)


@pytest.fixture(scope="module")
def twilio_itself() -> Iterator[Twin]:
    """Prism on Twilio's own file, with a recorder in front: Prism remembers nothing."""
    if not has_prism():
        missing("Prism and Twilio's file in tools/prism; see .ci/run")
    with prism() as url, twin(behind=url) as told:
        yield told


def test_twilios_own_description_accepts_what_is_sent_and_asked(twilio_itself: Twin) -> None:
    clock = SetClock(datetime.now(UTC))
    sender = Twilio(account_at(twilio_itself.url, callback=HOOK), clock, timeout=20, at_once=2)
    until = clock.now() + timedelta(minutes=20)
    texts = [replace(TEXT, until=until), replace(TEXT, id="b", body="x" * 700)]
    outcomes = sender.send_texts(texts)
    assert [type(o) for o in outcomes] == [Accepted, Accepted]
    assert all(isinstance(o, Accepted) and o.ref.startswith("SM") for o in outcomes)
    known = sender.known([Sought(TEXT.id, TEXT.to, TEXT.body, clock.now())])
    assert known is not None
    assert isinstance(known[TEXT.id], Accepted)
    assert twilio_itself.complaints == []
    assert len(twilio_itself.taken) == 2


def test_twilios_own_description_refuses_what_is_wrong(twilio_itself: Twin) -> None:
    account = account_at(twilio_itself.url, callback="not an address")
    outcomes = Twilio(account, SetClock(), timeout=20, at_once=1).send_texts([TEXT])
    assert [type(o) for o in outcomes] == [Refused]
    assert twilio_itself.complaints


def test_the_form_names_sender_callback_and_how_long_it_is_worth() -> None:
    with twin() as told:
        clock = SetClock()
        text = replace(TEXT, until=clock.now() + timedelta(minutes=5))
        assert sender_at(told, clock).send_texts([text]) == [Accepted("SM" + "0" * 32)]
    (form,) = told.forms
    assert (form["To"], form["From"], form["Body"]) == (TEXT.to, FROM, TEXT.body)
    assert form["ValidityPeriod"] == "300"
    assert parse_qs(urlsplit(form["StatusCallback"]).query) == {"message": [TEXT.id]}


def test_a_messaging_service_chooses_the_number_itself() -> None:
    with twin() as told:
        account = account_at(told.url, "MG" + "b" * 32)
        Twilio(account, SetClock(), at_once=1).send_texts([replace(TEXT, sender="")])
    assert told.forms[0]["MessagingServiceSid"] == "MG" + "b" * 32
    assert "From" not in told.forms[0]
    assert "StatusCallback" not in told.forms[0]


@pytest.mark.parametrize(
    ("answer", "outcome", "taken"),
    [
        ("21211", Refused("this is no telephone number (21211)"), 0),
        ("21614", Refused("this is no mobile number (21614)"), 0),
        ("21610", Refused("opted out at Twilio (21610)", opted_out=True), 0),
        ("21999", Refused("Twilio refused it (21999)"), 0),
        ("429", Deferred("Twilio's rate is used up", 7), 0),
        ("500", Deferred("Twilio fails (500)", 7), 0),
        ("503", Deferred("Twilio fails (503)", 7), 0),
        ("401", Deferred("Twilio fails (401)", 7), 0),
        ("504", Unsure("Twilio's gateway had no answer, so the message may be on its way"), 0),
        ("hang", Unsure("Twilio broke off before it said whether it has the message"), 0),
        ("close", Unsure("Twilio broke off before it said whether it has the message"), 1),
        ("cut", Unsure("Twilio broke off before it said whether it has the message"), 1),
        ("lost", Unsure("Twilio broke off before it said whether it has the message"), 0),
    ],
)
def test_answers_of_twilio_fall_into_families(answer: str, outcome: Outcome, taken: int) -> None:
    with twin(script=lambda _: answer) as told:
        assert sender_at(told).send_texts([TEXT]) == [outcome]
        assert len(told.taken) == taken


def test_a_server_that_is_not_there_only_delays() -> None:
    account = account_at("http://127.0.0.1:1")
    (outcome,) = Twilio(account, SetClock(), at_once=1).send_texts([TEXT])
    assert isinstance(outcome, Deferred)


def test_a_batch_that_meets_only_faults_is_not_gone_through_with() -> None:
    with twin(script=lambda _: "500") as told:
        batch = [replace(TEXT, id=str(i)) for i in range(20)]
        assert {type(o) for o in sender_at(told).send_texts(batch)} == {Deferred}
        assert len(told.forms) == 3


@pytest.mark.parametrize(
    ("seconds", "words", "to", "found"),
    [
        (0, TEXT.body, TEXT.to, Accepted("SM" + "0" * 32)),
        (0, "other words", TEXT.to, None),
        (0, TEXT.body, "+16265550199", None),
        (-600, TEXT.body, TEXT.to, None),
    ],
)
def test_what_it_has_is_found_by_address_words_and_time(
    seconds: int, words: str, to: str, found: Outcome | None
) -> None:
    clock = SetClock()
    with twin(clock=clock.now) as told:
        sender = sender_at(told, clock)
        sender.send_texts([replace(TEXT, body=words, to=to)])
        since = clock.now() - timedelta(seconds=seconds)
        known = sender.known([Sought(TEXT.id, TEXT.to, TEXT.body, since)])
        assert known == ({TEXT.id: found} if found else {})
        clock.move(minutes=11)
        later = sender.known([Sought(TEXT.id, TEXT.to, TEXT.body, NOW)]) or {}
        assert isinstance(
            later[TEXT.id], Accepted if (words, to) == (TEXT.body, TEXT.to) else Deferred
        )


def test_while_it_cannot_be_asked_nothing_is_known() -> None:
    sender = Twilio(account_at("http://127.0.0.1:1"), SetClock())
    assert sender.known([Sought("a", TEXT.to, TEXT.body, NOW)]) == {}


def test_no_secret_is_shown() -> None:
    assert "token" not in repr(account_at("http://twilio.example"))
