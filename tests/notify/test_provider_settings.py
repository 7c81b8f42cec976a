"""Which providers the environment names, and what is wrong with it."""

import pytest

from services.notify.adapters.twilio import TwilioAccount
from services.notify.settings import Settings
from shared.env import SettingsMissing
from tests.notify.peers import SID
from tests.notify.test_outbox_page import ENVIRON

TWILIO = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "t0k3n", "TWILIO_FROM": "+16265550100"}
AWS = {"AWS_REGION": "us-west-2"}


def read(**more: str) -> Settings:
    return Settings.read({**ENVIRON, **more})


def test_without_any_provider_everything_stays_here() -> None:
    settings = read()
    assert (settings.sms_providers, settings.email_providers) == ((), ())


def test_what_is_set_is_used_without_being_named() -> None:
    settings = read(**TWILIO, SMTP_URL="smtp://mail.example.org")
    assert (settings.sms_providers, settings.email_providers) == (("twilio",), ("smtp",))


def test_two_providers_in_their_order() -> None:
    more = {"SMS_PROVIDERS": "sns, twilio", "EMAIL_PROVIDERS": "ses smtp", "SMTP_URL": "smtp://m"}
    settings = read(**TWILIO, **AWS, **more)
    assert settings.sms_providers == ("sns", "twilio")
    assert settings.email_providers == ("ses", "smtp")


def test_one_may_be_set_and_still_not_used() -> None:
    assert read(**TWILIO, SMS_PROVIDERS="outbox").sms_providers == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"SMS_PROVIDERS": "twilio"}, "names twilio, but its settings are missing"),
        ({"SMS_PROVIDERS": "pigeon"}, "may name twilio and sns, not 'pigeon'"),
        ({"EMAIL_PROVIDERS": "twilio"}, "may name smtp and ses"),
        ({"TWILIO_ACCOUNT_SID": SID}, "TWILIO_FROM must name a number"),
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_FROM": "+1"}, "TWILIO_AUTH_TOKEN, or TWILIO_API_KEY"),
        ({**AWS, "AWS_ACCESS_KEY_ID": "x"}, "go together"),
        ({"SMS_RATE": "fast"}, "SMS_RATE must be a number"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(more: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsMissing, match=words):
        read(**more)


def account(**more: str) -> TwilioAccount:
    found = read(**{**TWILIO, **more}).twilio
    assert found is not None
    return found


def test_twilio_is_asked_to_tell_only_where_it_can_reach_us() -> None:
    hook = "https://m.example.org/webhooks/twilio/status"
    assert account(NOTIFY_URL="https://m.example.org/").callback_url == hook
    assert account().callback_url == ""


def test_an_api_key_signs_in_and_the_token_still_checks_what_twilio_signs() -> None:
    found = account(TWILIO_API_KEY="SKx", TWILIO_API_SECRET="shh")
    assert (found.user, found.password) == ("SKx", "shh")
    assert "shh" not in repr(found)
    assert account(TWILIO_AUTH_TOKEN="new, old").password == "new"
