"""The senders for AWS SNS and SES, against moto, which nobody here wrote."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string, policy
from typing import Any

import httpx
import pytest

from services.notify.adapters.aws import AwsAccount, Ses, Sns
from services.notify.adapters.mail import Sender
from services.notify.domain.outcomes import Accepted, Deferred, Refused, Unsure
from services.notify.ports.senders import Letter, Sought, Text
from tests.notify.facts import NOW, SetClock
from tests.notify.peers import aws_at, moto, twin

TEXT = Text("t1", "+16265550123", "Pasadena: ¡hola!")
LETTER = Letter("0a", "ana@example.com", "Pasadena", "Your party", "Hello Ana", "<p>Hello</p>")
SENDER = Sender("nno@example.org")


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsAccount]:
    with moto() as url:
        account = aws_at(url)
        account.client("sesv2", 5, 1).create_email_identity(EmailIdentity=SENDER.address)
        yield account


def taken(account: AwsAccount, service: str, kind: str) -> list[dict[str, Any]]:
    """What moto keeps of one kind of the service's things."""
    data = httpx.get(f"{account.endpoint_url}/moto-api/data.json").json()
    return list(data[service][kind])


def test_texts_are_taken_and_named(aws: AwsAccount) -> None:
    outcomes = Sns(aws).send_texts([TEXT, replace(TEXT, id="t2", to="+16265550124")])
    got = {m["message_id"]: (m["phone_number"], m["message"]) for m in taken(aws, "sns", "SMS")}
    assert [got[o.ref] for o in outcomes if isinstance(o, Accepted)] == [
        (TEXT.to, TEXT.body),
        ("+16265550124", TEXT.body),
    ]


def test_a_number_that_is_none_is_refused(aws: AwsAccount) -> None:
    (outcome,) = Sns(aws).send_texts([replace(TEXT, to="nobody")])
    assert isinstance(outcome, Refused)


def test_letters_are_taken_whole(aws: AwsAccount) -> None:
    outcomes = Ses(aws, SENDER, SetClock()).send_letters(
        [LETTER, replace(LETTER, id="0b", to="no address")]
    )
    assert [type(o) for o in outcomes] == [Accepted, Refused]
    (raw,) = taken(aws, "ses", "RawMessage")
    assert set(raw["destinations"]) == {LETTER.to}
    mail = message_from_string(raw["raw_data"], policy=policy.default)
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == f"<{LETTER.id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_an_address_that_is_not_ours_to_write_from_only_delays(aws: AwsAccount) -> None:
    stranger = Ses(aws, Sender("somebody@elsewhere.example"), SetClock())
    (outcome,) = stranger.send_letters([LETTER])
    assert isinstance(outcome, Deferred)


def test_neither_can_be_asked(aws: AwsAccount) -> None:
    sought = [Sought("t1", TEXT.to, TEXT.body, NOW)]
    assert Sns(aws).known(sought) is None
    assert Ses(aws, SENDER, SetClock()).known(sought) is None


@pytest.mark.parametrize(
    ("answer", "family"),
    [
        ("aws 400 Throttling", Deferred),
        ("aws 500 InternalError", Deferred),
        ("aws 403 InvalidClientTokenId", Deferred),
        ("aws 400 OptedOut", Refused),
        ("aws 504 GatewayTimeout", Unsure),
        ("500", Unsure),
        ("hang", Unsure),
        ("lost", Unsure),
    ],
)
def test_answers_of_aws_fall_into_families_and_are_asked_for_once(
    answer: str, family: type
) -> None:
    with twin(script=lambda _: answer) as told:
        (outcome,) = Sns(aws_at(told.url), timeout=0.5).send_texts([TEXT])
        assert isinstance(outcome, family)
        assert len(told.forms) == 1


def test_a_server_that_is_not_there_only_delays() -> None:
    (outcome,) = Sns(aws_at("http://127.0.0.1:1")).send_texts([TEXT])
    assert isinstance(outcome, Deferred)


def test_no_secret_is_shown() -> None:
    assert "secret" not in repr(aws_at("http://127.0.0.1"))
