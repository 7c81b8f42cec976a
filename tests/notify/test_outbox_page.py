"""The outbox page and the API, through the web application."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from services.notify.adapters.mail import Sender
from services.notify.main.web import make_web
from services.notify.pages.outbox import what_leaves
from services.notify.settings import Settings
from shared.db import open_pool
from shared.env import SettingsMissing
from tests.entering import sign_in
from tests.notify.bench import Bench
from tests.notify.facts import (
    HOST,
    city_configured,
    one_by_text_one_by_mail,
    party_of,
    registered,
    scheduled,
)

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ENVIRON = {
    "NOTIFY_DATABASE_URL": "postgresql://127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1",
    "SECRET_KEY": "secret",
}


@pytest.fixture
def bench(url: str) -> Iterator[Bench]:
    with open_pool(url, name="bench") as pool:
        yield Bench(pool)


def client_of(url: str, redis_url: str, **more: str) -> FlaskClient:
    environ = {**ENVIRON, "NOTIFY_DATABASE_URL": url, "REDIS_URL": redis_url, **more}
    client = make_web(Settings.read(environ)).test_client()
    sign_in(client, "notify", "secret", "administrator@*")
    return client


@pytest.fixture
def client(url: str, redis_url: str) -> FlaskClient:
    return client_of(url, redis_url)


def test_an_empty_outbox_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "No messages yet" in page
    assert "http://127.0.0.1:8000" in page
    assert "sent to nobody" in page


def test_messages_are_shown_newest_first_with_state_and_reason(
    client: FlaskClient, bench: Bench
) -> None:
    bench.hear(city_configured(), registered(), scheduled(10))
    bench.settle()
    bench.deliver()
    page = client.get("/").text
    assert page.index("planned time") < page.index("confirmation")
    assert "7:10-7:40 pm" in page
    assert "https://nno.example.org/p/secret" in page
    assert '<span class="chip sent">sent</span>' in page


def test_what_a_stranger_typed_is_text_on_every_page(client: FlaskClient, bench: Bench) -> None:
    host = replace(HOST, name=HOSTILE, email='"><b>@x.org')
    bench.hear(city_configured(), registered(party_of(host, name=HOSTILE, address=HOSTILE)))
    bench.deliver()
    pages = [client.get("/").text, client.get("/feed").text]
    for message in bench.messages():
        pages.append(client.get(f"/messages/{message.id}").text)
        pages.append(client.get(f"/messages/{message.id}/html").text)
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<b>@" not in page


def test_pages_filter_and_say_so_when_a_filter_does_not_exist(
    client: FlaskClient, bench: Bench
) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    assert client.get("/?channel=sms").text.count("<article") == 1
    assert client.get("/?party=k7mp2r&city=pasadena").text.count("<article") == 1
    assert "No message fits" in client.get("/?state=failed_permanent").text
    odd = client.get("/?state=%3Cb%3E&zzz=1%00")
    assert odd.status_code == 200
    assert "That filter does not exist" in odd.text


def test_a_messages_page_shows_why_it_was_silent(client: FlaskClient, bench: Bench) -> None:
    bench.hear(city_configured(), registered(), scheduled(10))
    bench.settle()
    bench.deliver()
    bench.hear(scheduled(15, 2))
    bench.settle()
    page = client.get(f"/messages/{bench.messages()[0].id}").text
    assert "moved too little" in page
    assert client.get("/messages/none").status_code == 404
    text = next(m for m in bench.messages() if m.channel == "sms")
    assert client.get(f"/messages/{text.id}/html").status_code == 404


def test_the_html_part_runs_nothing(client: FlaskClient, bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    email = next(m for m in bench.messages() if m.channel == "email")
    policy = client.get(f"/messages/{email.id}/html").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_the_feed_is_sent_again_only_when_something_changed(
    client: FlaskClient, bench: Bench
) -> None:
    bench.hear(city_configured(), registered())
    stamp = client.get("/feed").headers["ETag"]
    assert client.get("/feed", headers={"If-None-Match": stamp}).status_code == 304
    bench.clock.move(seconds=1)
    bench.deliver()
    assert client.get("/feed", headers={"If-None-Match": stamp}).status_code == 200


def test_the_api_lists_counts_and_pages(client: FlaskClient, bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    first = client.get("/api/v1/messages?city=pasadena&limit=1").get_json()
    assert first["counts"] == {"created": 2}
    second = client.get(f"/api/v1/messages?limit=2&before={first['next']}").get_json()
    assert second["next"] is None
    assert {first["messages"][0]["channel"], second["messages"][0]["channel"]} == {"sms", "email"}
    one = client.get(f"/api/v1/messages/{first['next']}").get_json()
    assert one == first["messages"][0]


@pytest.mark.parametrize(
    ("query", "field"),
    [("state=lost", "state"), ("limit=0", "limit"), ("limit=x", "limit"), ("other=1", "other")],
)
def test_the_api_refuses_what_it_does_not_know(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/messages?{query}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert field in answer.get_json()["errors"]


def test_an_unknown_message_is_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/messages/none")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_words_of_what_went_to_people_are_not_shown(
    url: str, redis_url: str, bench: Bench
) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    client = client_of(url, redis_url, SMTP_URL="smtp://127.0.0.1:1")
    page = client.get("/?channel=email").text
    assert "a…@example.org" in page
    assert HOST.email not in page
    assert "/p/secret" not in page
    assert "/p/secret" in client.get("/?channel=sms").text
    assert "E-mail goes out" in page


def guard_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def test_an_address_is_shown_only_on_request_and_that_is_noted(
    client: FlaskClient, bench: Bench
) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    message = next(m for m in bench.messages() if m.channel == "sms")
    path = f"/messages/{message.id}"
    for page in ("/", path, "/api/v1/messages", f"/api/v1{path}"):
        assert HOST.phone not in client.get(page).text
    assert client.post(f"{path}/address").status_code == 403
    shown = client.post(f"{path}/address", data={"csrf_token": guard_of(client, path)})
    assert HOST.phone in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    log = client.get("/audit?what=address+shown").text
    assert "Kim" in log
    assert message.id in log


def test_staff_sees_the_messages_of_its_own_cities_only(
    url: str, redis_url: str, bench: Bench
) -> None:
    bench.hear(city_configured(), registered())
    id_ = bench.messages()[0].id
    client = client_of(url, redis_url)
    sign_in(client, "notify", "secret", "notifier@dallas")
    assert "No message" in client.get("/").text
    assert "Pasadena" not in client.get("/").text
    assert client.get("/api/v1/messages").get_json() == {"messages": [], "counts": {}, "next": None}
    for path in (f"/messages/{id_}", f"/messages/{id_}/html", f"/api/v1/messages/{id_}"):
        assert client.get(path).status_code == 404
    sign_in(client, "notify", "secret", "auditor@pasadena")
    page = client.get(f"/messages/{id_}")
    assert page.status_code == 200
    assert "Show the whole address" not in page.text
    assert client.post(f"/messages/{id_}/address").status_code == 403
    sign_in(client, "notify", "secret", "team@pasadena")
    assert client.get("/").status_code == 403


def test_readiness_names_what_does_not_answer(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.get_json()["errors"]) == {"worker", "reader", "relay"}


def test_the_sentence_on_what_leaves_follows_the_providers() -> None:
    assert what_leaves(()) == "Messages to hosts."


def test_settings_complain_about_everything_at_once() -> None:
    with pytest.raises(SettingsMissing, match="NOTIFY_DATABASE_URL is not set; REDIS_URL is not"):
        Settings.read({})
    with pytest.raises(SettingsMissing, match="SMTP_URL must look like"):
        Settings.read({**ENVIRON, "SMTP_URL": "mail.example.org"})
    with pytest.raises(SettingsMissing, match="MAIL_REPLY_TO must be an e-mail address"):
        Settings.read({**ENVIRON, "MAIL_REPLY_TO": "the officer"})
    settings = Settings.read({**ENVIRON, "MAIL_FROM": "Night Out <nno@example.org>"})
    assert settings.mail_sender == Sender("nno@example.org", "")
    assert settings.mail_server is None
