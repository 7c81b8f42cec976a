"""The pages on which staff settles how a city speaks and how it words its messages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from shutil import copytree

import pytest
from flask.testing import FlaskClient

from services.notify.adapters.own_words import Source
from services.notify.adapters.texts import FOLDER, TemplateWords
from services.notify.adapters.wordings import Place, Wordings, keep_words
from services.notify.adapters.workshop import WordShop
from services.notify.domain.catalogue import TEMPLATES
from services.notify.domain.values import CHANNELS
from services.notify.main.web import make_web
from services.notify.settings import Settings
from services.notify.worker import Ears
from shared.contracts.city import Area, CityConfigured
from shared.db import open_pool
from tests.entering import sign_in
from tests.notify.bench import CODES, Bench
from tests.notify.facts import CITY, HOST, city_configured, party_of, registered, said, scheduled

ENVIRON = {"REDIS_URL": "redis://127.0.0.1", "SECRET_KEY": "secret"}
WINDOW = f"/wording/{CITY}/en/window/sms"
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def bench(url: str) -> Iterator[Bench]:
    with open_pool(url, name="bench") as pool:
        bench = Bench(pool)
        city = city_configured().data
        assert isinstance(city, CityConfigured)
        areas = (Area("north", "North"), Area("south", "South"))
        bench.hear(said(replace(city, areas=areas), CITY, 1))
        yield bench


@pytest.fixture
def client(url: str, redis_url: str) -> FlaskClient:
    environ = {**ENVIRON, "NOTIFY_DATABASE_URL": url, "REDIS_URL": redis_url}
    client = make_web(Settings.read(environ)).test_client()
    sign_in(client, "notify", "secret", f"notifier@{CITY}")
    return client


def guard(client: FlaskClient, path: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return {"csrf_token": found[1]}


def own_words(bench: Bench) -> None:
    """Let the bench speak as a worker does, with what was saved."""
    bench.ears = Ears(
        TemplateWords(own=Wordings(bench.pool, seconds=0)), bench.nudged.append, CODES
    )


@pytest.mark.usefixtures("bench")
class TestSettings:
    """The page and the API of a city's settings."""

    path = f"/settings/{CITY}"
    api = f"/api/v1/cities/{CITY}/voice"

    def form(self, client: FlaskClient, **changes: str) -> dict[str, str]:
        given = {
            "smallest_minutes": "15",
            "budget": "5",
            "quiet_from": "22:00",
            "quiet_until": "07:30",
            "confirm_days": "3, 1",
            "confirm_hour": "10",
            "thanks_hour": "9",
            "officer-north-name": "Officer Kim",
            "officer-north-phone": "626-555-0100",
            "segment_cost": "0.01",
            "currency": "$",
            "team_route_hours": "3",
        }
        return {**given, **changes, **guard(client, self.path)}

    def test_what_was_set_is_shown_kept_and_noted(self, client: FlaskClient) -> None:
        page = client.get(self.path).text
        assert "As delivered" in page
        assert 'value="7, 1, 0"' in page
        assert client.post(self.path, data=self.form(client)).status_code == 303
        page = client.get(self.path).text
        assert "Changed by Kim" in page
        voice = client.get(self.api).get_json()
        assert voice["smallest_minutes"] == 15
        assert (voice["quiet_from"], voice["confirm_days"]) == ("22:00", [3, 1])
        assert voice["officers"] == [
            {"area": "north", "name": "Officer Kim", "phone": "626-555-0100", "email": ""}
        ]
        sign_in(client, "notify", "secret", f"auditor@{CITY}")
        assert "settings of messages changed" in client.get("/audit").text

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("smallest_minutes", "soon", "A whole number from 1 to 120."),
            ("budget", "0", "A whole number from 1 to 50."),
            ("quiet_from", "25:99", "A time of the day"),
            ("confirm_days", "x", "A whole number from 0 to 60."),
            ("contact_email", "nobody", "An e-mail address"),
            ("officer-north-phone", "<blink>", "A telephone number"),
            ("segment_cost", "cheap", "A price"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
        self, client: FlaskClient, field: str, typed: str, words: str
    ) -> None:
        answer = client.post(self.path, data=self.form(client, **{field: typed}))
        assert answer.status_code == 422
        assert words in answer.text
        assert "<blink>" not in answer.text
        assert client.get(self.api).get_json()["smallest_minutes"] == 10

    def test_the_api_takes_what_it_gives_and_names_what_is_wrong(self, client: FlaskClient) -> None:
        voice = client.get(self.api).get_json()
        token = {"X-CSRFToken": guard(client, self.path)["csrf_token"]}
        changed = {**voice, "budget": 4}
        assert client.put(self.api, json=changed, headers=token).get_json()["budget"] == 4
        wrong = client.put(self.api, json={"budget": 99, "odd": 1}, headers=token)
        assert wrong.status_code == 422
        assert set(wrong.get_json()["errors"]) == {"budget", "odd"}

    def test_only_a_notifier_of_the_city_changes_anything(self, client: FlaskClient) -> None:
        given = self.form(client)
        for role in (f"planner@{CITY}", "notifier@dallas"):
            sign_in(client, "notify", "secret", role)
            assert client.post(self.path, data=given).status_code == 403
            assert client.post(WINDOW, data=given).status_code == 403
        assert client.get(self.path).status_code == 403
        sign_in(client, "notify", "secret", f"planner@{CITY}")
        assert "disabled" in client.get(self.path).text

    def test_the_own_name_of_a_programme_begins_every_text(
        self, client: FlaskClient, bench: Bench
    ) -> None:
        client.post(self.path, data=self.form(client, programme="NNO\r\nBcc: x"))
        bench.hear(registered())
        assert bench.messages()[0].body.startswith("NNO Bcc: x")
        bench.hear(city_configured(revision=2), registered(party_of(party_id="2" * 36)))
        assert bench.messages()[-1].body.startswith("NNO Bcc: x")


def test_every_template_is_listed_with_its_state(client: FlaskClient, bench: Bench) -> None:
    bench.hear(registered())
    page = client.get(f"/wording/{CITY}").text
    assert "Every message is worded in 2 languages" in page
    assert page.count(">standard<") == 68
    assert client.get("/wording/nowhere").status_code == 403
    sign_in(client, "notify", "secret", "notifier@*")
    assert client.get("/wording/nowhere").status_code == 404
    assert client.get(f"/wording/{CITY}/xx/window/sms").status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_preview_has_a_real_partys_data_but_not_its_private_link(
    client: FlaskClient, bench: Bench, language: str
) -> None:
    bench.hear(registered(party_of(name=HOSTILE)), scheduled(10))
    for template in ("window", "received", "team_next"):
        page = client.get(f"/wording/{CITY}/{language}/{template}/sms").text
        assert "Segments" in page
        assert "<script>alert" not in page
        assert "/p/secret" not in page
    page = client.get(f"/wording/{CITY}/{language}/window/sms").text
    assert "7:10-7:40" in page
    mail = client.get(f"/wording/{CITY}/{language}/window/html")
    assert "&lt;script&gt;" in mail.text
    assert "default-src 'none'" in mail.headers["Content-Security-Policy"]
    assert "no such party" in client.get(f"{WINDOW}?party=zzzzzz").text


def test_saved_words_are_used_shown_and_can_be_taken_back(
    client: FlaskClient, bench: Bench
) -> None:
    words = "{{ programme }}: we come to {{ party }}, {{ window }}. {{ link }}"
    data = {**guard(client, WINDOW), "body": words}
    looked = client.post(WINDOW, data={**data, "do": "look"})
    assert "Nothing is saved yet" in looked.text
    assert client.post(WINDOW, data={**data, "do": "save"}).status_code == 303
    assert "your own words" in client.get(WINDOW).text
    own_words(bench)
    bench.hear(registered(), scheduled(10))
    bench.settle()
    text = next(m for m in bench.messages() if m.template == "window" and m.channel == "sms")
    assert text.body.startswith("Pasadena Night Out: we come to Maple Street, 7:10-7:40 pm.")
    client.post(WINDOW, data={**data, "do": "restore"})
    page = client.get(WINDOW).text
    assert "as delivered" in page
    assert "Delivered words restored" in page
    number = re.findall(r"version=(\d+)", page)[-1]
    assert "we come to" in client.get(f"{WINDOW}?version={number}").text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{{ programme }}: {{ nobody }}", "Line 1: the name &#34;nobody&#34; is not known"),
        ("{{ programme }}:\n{% if %}", "Line 2"),
        ("Hello {{ programme }}", "The first words must be"),
        ("{{ programme }} {{ ''.__class__ }}", "is not known of"),
        ("{{ programme }}{% for a in link %}x{% endfor %}", "a loop may only go over"),
        ("{{ programme }}{% include 'layout.html' %}", "Include is not allowed"),
        ("{{ programme }}{{ 'x' * 999999999 }}", "Mul is not allowed"),
        ("{{ programme }}{{ host | pprint }}", "the filter"),
        ("{{ programme }}{% set x = 1 %}", "Assign is not allowed"),
        ("{{ programme }}" + "x" * 9000, "longer than 8,000"),
        ("", "The first words must be"),
    ],
)
@pytest.mark.usefixtures("bench")
def test_words_that_do_not_render_are_refused_when_they_are_saved(
    client: FlaskClient, body: str, words: str
) -> None:
    answer = client.post(WINDOW, data={**guard(client, WINDOW), "body": body, "do": "save"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Nobody has changed these words" in client.get(WINDOW).text


def test_the_delivered_words_pass_the_check_that_own_words_have_to_pass(bench: Bench) -> None:
    words = TemplateWords()
    shop = WordShop(bench.pool, words, Wordings(bench.pool))
    for language, template, channel in product(words.languages, TEMPLATES, CHANNELS):
        source = words.file_source(template, channel, language)
        assert source
        assert shop.faults(Place(CITY, template, channel, language), source) == []


def test_a_missing_translation_is_listed_until_the_city_has_words_of_its_own(
    bench: Bench, tmp_path: Path
) -> None:
    folder = copytree(FOLDER, tmp_path / "templates")
    (folder / "es" / "window.sms.txt").unlink()
    own = Wordings(bench.pool, seconds=0)
    shop = WordShop(bench.pool, TemplateWords(folder, own), own)
    place = Place(CITY, "window", "sms", "es")
    before = shop.open(CITY, "")
    assert before
    assert before.missing() == ["es/window (sms)"]
    assert before.draft(place).fallback
    words = Source("", "{{ programme }}: vamos a {{ party }}, {{ window }}", "x")
    with bench.pool.connection() as conn:
        keep_words(conn, place, words, "Kim", bench.clock.now(), restored=False)
    after = shop.open(CITY, "")
    assert after
    assert after.missing() == []
    assert after.preview(place).body.startswith("Pasadena Night Out: vamos a")


def test_own_words_in_a_mail_are_safe_as_html(client: FlaskClient, bench: Bench) -> None:
    path = f"/wording/{CITY}/en/received/email"
    body = "{{ programme }}\n\nHello {{ host }} <b>& you</b>,\n\nlook: {{ link }}"
    data = {**guard(client, path), "subject": "Hi\r\nBcc: a@b.c {{ party }}", "body": body}
    assert client.post(path, data={**data, "do": "save"}).status_code == 303
    own_words(bench)
    bench.hear(registered(party_of(replace(HOST, name=HOSTILE), name="A\r\nTo: x@y.z")))
    mail = next(m for m in bench.messages() if m.channel == "email")
    assert mail.subject == "Hi Bcc: a@b.c A To: x@y.z"
    assert "<script>" not in mail.html
    assert "<b>" not in mail.html
    assert '<a href="https://nno.example.org/p/secret">' in mail.html
    assert HOSTILE in mail.body
