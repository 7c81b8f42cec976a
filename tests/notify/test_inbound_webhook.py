"""Texts that Twilio brings: signed or refused, taken in once, always answered by nothing."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.notify.adapters.twilio_signature import twilio_signature
from services.notify.main.web import make_web
from services.notify.settings import Settings
from tests.notify.bench import Bench
from tests.notify.facts import HOST, city_configured, registered
from tests.notify.writing import inbox, run

TOKEN = "12345"
PUBLIC = "https://nno.example.org"
PLACE = "/webhooks/twilio/inbound"


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """With a city and a party."""
    bench.hear(city_configured(), registered())
    return bench


@pytest.fixture
def client(url: str, redis_url: str) -> FlaskClient:
    environ = {
        "NOTIFY_DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "secret",
        "NOTIFY_URL": PUBLIC,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    return make_web(Settings.read(environ)).test_client()


def form(body: str = "We have no ice", **more: str) -> dict[str, str]:
    return {"MessageSid": "SM1", "From": HOST.phone, "To": "+16265550000", "Body": body} | more


def post(client: FlaskClient, fields: dict[str, str], signature: str = "") -> TestResponse:
    signed = signature or twilio_signature(TOKEN, PUBLIC + PLACE, fields.items())
    return client.post(PLACE, data=fields, headers={"X-Twilio-Signature": signed})


def test_a_signed_text_is_taken_in_once_and_answered_by_nothing(
    client: FlaskClient, bench: Bench
) -> None:
    for _ in range(2):
        answer = post(client, form())
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        assert answer.text.endswith("<Response></Response>")
    assert [state for _, state, _ in inbox(bench)] == ["open"]
    assert run(bench, "select template, state from messages where purpose = 'replies'") == [
        ("reply_other", "created")
    ]


@pytest.mark.parametrize("signature", ["x", "é", "9c0="])
def test_what_twilio_did_not_sign_is_refused(
    client: FlaskClient, bench: Bench, signature: str
) -> None:
    assert post(client, form("STOP"), signature).status_code == 403
    other = twilio_signature(TOKEN, "https://elsewhere.example.org" + PLACE, form("STOP").items())
    assert post(client, form("STOP"), other).status_code == 403
    assert inbox(bench) == []


def test_without_a_token_nothing_is_believed(url: str, redis_url: str, bench: Bench) -> None:
    environ = {"NOTIFY_DATABASE_URL": url, "REDIS_URL": redis_url, "SECRET_KEY": "secret"}
    client = make_web(Settings.read(environ)).test_client()
    fields = form("STOP")
    signed = twilio_signature("", "http://127.0.0.1:8002" + PLACE, fields.items())
    assert post(client, fields, signed).status_code == 403


def test_missing_fields_are_named(client: FlaskClient, bench: Bench) -> None:
    answer = post(client, {"Body": "hello"})
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"MessageSid", "From"}


def test_odd_texts_lose_nothing(client: FlaskClient, bench: Bench) -> None:
    bodies = ["a\0b", "<script>alert(1)</script>", "x" * 20_000, "🎉" * 500, ""]
    for number, body in enumerate(bodies):
        assert post(client, form(body, MessageSid=f"SM{number}")).status_code == 200
    pictures = form("", MessageSid="SM9", NumMedia="2")
    assert post(client, pictures).status_code == 200
    kept = [row[0] for row in run(bench, "select body from inbound order by id")]
    assert kept == ["ab", *bodies[1:], "[2 pictures]"]


def test_a_flood_or_a_giant_is_turned_away(client: FlaskClient, bench: Bench) -> None:
    assert post(client, form("x" * 80_000)).status_code == 413


def test_what_twilio_has_confirmed_itself_is_not_confirmed_again(
    client: FlaskClient, bench: Bench
) -> None:
    post(client, form("STOP", OptOutType="STOP"))
    assert run(bench, "select words from opted_out") == [("STOP",)]
    assert run(bench, "select id from messages where purpose = 'replies'") == []
