"""Inbox, answers, the try-out and unsubscribing, through the web application."""

import re

import pytest
from flask.testing import FlaskClient

from services.notify.adapters.leaving import LeaveLinks
from services.notify.ports.senders import Letter
from shared.contracts.host import HostReplied
from tests.entering import sign_in
from tests.notify.bench import Bench
from tests.notify.facts import CITY, HOST, PARTY, city_configured, party_of, registered
from tests.notify.test_outbox_page import client_of
from tests.notify.writing import Telephone, inbox, run

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
OTHER = "0190a000-0000-7000-8000-000000000002"


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """With a city and a party."""
    bench.hear(city_configured(), registered())
    return bench


@pytest.fixture
def client(url: str, redis_url: str) -> FlaskClient:
    found = client_of(url, redis_url)
    sign_in(found, "notify", "secret", f"notifier@{CITY}")
    return found


def only(bench: Bench) -> str:
    """The id of the newest text."""
    return str(run(bench, "select id from inbound order by id desc limit 1")[0][0])


def send(client: FlaskClient, place: str, **fields: str) -> str:
    """Post a form of the page and follow where it leads."""
    page = client.get(f"/inbox/{CITY}").text
    guard = re.search(r'name="csrf_token" value="([^"]+)"', page)
    data = {"csrf_token": guard.group(1) if guard else "", **fields}
    return client.post(place, data=data, follow_redirects=True).text


def test_an_open_text_is_read_answered_and_closed(client: FlaskClient, bench: Bench) -> None:
    Telephone(bench).write("We have no ice")
    assert "We have no ice" in client.get(f"/inbox/{CITY}").text
    id_ = only(bench)
    page = client.get(f"/inbox/{CITY}/{id_}").text
    assert "Maple Street" in page
    assert HOST.phone not in page
    said = send(
        client, f"/inbox/{CITY}/{id_}/answer", key="k1", words="Ask the store.", then="close"
    )
    assert "Answered and closed" in said
    send(client, f"/inbox/{CITY}/{id_}/answer", key="k1", words="Ask the store.", then="stay")
    answers = [m for m in bench.messages() if m.template == "answer"]
    assert [m.body for m in answers] == ["Pasadena Night Out: Ask the store."]
    bench.deliver()
    thread = client.get(f"/inbox/{CITY}/{id_}").text
    assert thread.index("We have no ice") < thread.index("Ask the store.")
    assert inbox(bench)[0][1] == "closed"
    assert "open again" in send(client, f"/inbox/{CITY}/{id_}/open")
    logged = [row[0] for row in run(bench, "select what from audit order by id")]
    assert logged == ["text answered", "text answered", "text opened again"]


def test_a_number_is_shown_only_when_asked_for_and_that_is_noted(
    client: FlaskClient, bench: Bench
) -> None:
    Telephone(bench).write("Hello")
    page = send(client, f"/inbox/{CITY}/{only(bench)}/number")
    assert HOST.phone in page
    assert run(bench, "select what from audit") == [("address shown",)]


def test_who_opted_out_is_called_and_not_texted(client: FlaskClient, bench: Bench) -> None:
    phone = Telephone(bench)
    phone.write("CANCEL")
    id_ = only(bench)
    assert "Please call instead" in client.get(f"/inbox/{CITY}/{id_}").text
    assert "Please call instead" in send(client, f"/inbox/{CITY}/{id_}/answer", key="k", words="Hi")
    assert not [m for m in bench.messages() if m.template == "answer"]


def test_a_text_is_given_to_a_party_and_the_others_hear_of_it(
    client: FlaskClient, bench: Bench
) -> None:
    bench.hear(registered(party_of(party_id=OTHER, code="Z9XW4T", name="Elm Street")))
    Telephone(bench).write("MOVED to 300 Elm")
    id_ = only(bench)
    assert "2 parties have this number" in client.get(f"/inbox/{CITY}").text
    assert "no party with that code" in send(client, f"/inbox/{CITY}/{id_}/party", code="NONE")
    send(client, f"/inbox/{CITY}/{id_}/party", code="z9xw4t")
    assert inbox(bench) == [("moved", "open", OTHER)]
    facts = [e for e in bench.published() if isinstance(e.data, HostReplied)]
    assert [(e.data.party_id, e.revision) for e in facts] == [(OTHER, 2)]
    send(client, f"/inbox/{CITY}/{id_}/party", party=PARTY)
    assert inbox(bench)[0][2] == PARTY


def test_hostile_words_are_text_on_every_page(client: FlaskClient, bench: Bench) -> None:
    Telephone(bench).write(HOSTILE)
    id_ = only(bench)
    for place in (f"/inbox/{CITY}", f"/inbox/{CITY}/feed", f"/inbox/{CITY}/{id_}/feed"):
        page = client.get(place).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_an_answer_has_words_and_a_limit(client: FlaskClient, bench: Bench) -> None:
    Telephone(bench).write("Hello")
    place = f"/inbox/{CITY}/{only(bench)}/answer"
    assert "Write what" in send(client, place, key="k", words="  ")
    assert "Please shorten it" in send(client, place, key="k", words="ñandú 🎉 " * 120)
    cost = client.post(place.replace("answer", "cost"), json={"words": "Sí 🎉"}).get_json()
    assert cost == {"segments": 1, "encoding": "UCS-2", "too_long": False}


def test_readers_read_and_do_nothing(client: FlaskClient, bench: Bench) -> None:
    Telephone(bench).write("Hello")
    id_ = only(bench)
    sign_in(client, "notify", "secret", f"planner@{CITY}")
    page = client.get(f"/inbox/{CITY}/{id_}").text
    assert "Send and close" not in page
    assert client.post(f"/inbox/{CITY}/{id_}/close").status_code == 403
    sign_in(client, "notify", "secret", "notifier@dallas")
    assert client.get(f"/inbox/{CITY}").status_code == 403


def test_staff_may_write_as_a_host_until_the_city_is_live(
    client: FlaskClient, bench: Bench
) -> None:
    place = f"/api/v1/cities/{CITY}/inbound"
    answer = client.post(place, json={"party": "K7MP2R", "body": "STOP", "id": OTHER})
    assert answer.get_json() | {"text": ""} == {
        **{"id": OTHER, "already": False, "text": ""},
        **{"meaning": "stop", "state": "handled", "reply": "reply_stop"},
    }
    assert client.post(place, json={"party": "K7MP2R", "body": "STOP", "id": OTHER}).get_json()[
        "already"
    ]
    assert client.post(place, json={"body": "x"}).status_code == 422
    assert client.post(place, json={"from": "911", "body": "x"}).status_code == 422
    assert client.post(place, json=[]).status_code == 422


def test_unsubscribing_takes_a_post_and_keeps_news_of_the_visit(
    client: FlaskClient, bench: Bench
) -> None:
    letter = Letter("m1", HOST.email, "", "", "", "")
    place = LeaveLinks("secret", "http://x").unsubscribe_url(letter).removeprefix("http://x")
    assert "No more reminders?" in client.get(place).text
    assert run(bench, "select address from opted_out") == []
    one_click = client.post(place, data={"List-Unsubscribe": "One-Click"})
    assert (one_click.status_code, one_click.mimetype) == (200, "text/plain")
    assert "Done" in client.post(place).text
    rows = run(bench, "select purpose, source from opted_out order by 1")
    assert rows == [("broadcasts", "link"), ("reminders", "link")]
    assert client.post("/u/forged").status_code == 404
