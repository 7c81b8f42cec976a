"""How a service without accounts lets people in: by a pass from dispatch, and by nothing else."""

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from shared import passes
from shared.access import Door, for_staff, public
from shared.actor import Actor, current_actor
from shared.db import Pool
from shared.entrance import PassKeeper, open_entrance
from shared.gate import set_gate
from shared.grants import Grant
from shared.tokens import issue
from shared.web import make_app

SECRET = "a secret"
KIM = Actor("1", "Kim", grants=frozenset({Grant("pasadena", "notifier")}))
TABLE = (
    *public("entrance.enter", "*.static"),
    *for_staff(Door.SOME_CITY, "notifier", "page"),
    *for_staff(Door.SOME_CITY, "notifier", "act"),
)


@pytest.fixture
def app(redis_url: str, subscriber: Pool) -> Flask:
    made = make_app("tests", secret=SECRET, pool=subscriber, redis_url=redis_url, expects=())
    keeper = PassKeeper("notify", SECRET, "http://dispatch.example", secure=False)
    set_gate(made, TABLE, keeper, ())
    open_entrance(made, keeper)
    made.add_url_rule("/page", "page", lambda: f"for {current_actor().name}")
    made.add_url_rule("/act", "act", lambda: "done", methods=["POST"])
    return made


def asked(client: FlaskClient, path: str = "/page?a=1") -> dict[str, str]:
    """What the redirect to dispatch asks for."""
    answer = client.get(path)
    assert answer.headers["Location"].startswith("http://dispatch.example/pass?")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def entrance(asking: dict[str, str], **changes: str) -> str:
    """Where dispatch would send a person who is signed in."""
    asking = asking | changes
    text = passes.issue(SECRET, KIM, asking["service"], asking["key"])
    return passes.entrance("", text, asking)


def test_a_stranger_is_sent_to_dispatch_and_comes_back_with_a_pass(app: Flask) -> None:
    client = app.test_client()
    back = client.get(entrance(asked(client)))
    assert back.headers["Location"] == "/page?a=1"
    assert all("HttpOnly" in cookie for cookie in back.headers.getlist("Set-Cookie"))
    assert client.get("/page").text == "for Kim"


def test_a_pass_ends_after_five_minutes(app: Flask) -> None:
    client = app.test_client()
    with time_machine.travel("2026-08-04T18:00:00Z", tick=False) as clock:
        client.get(entrance(asked(client)))
        clock.shift(passes.LIFE - 1)
        assert client.get("/page").status_code == 200
        clock.shift(2)
        assert client.get("/page").status_code == 302


def test_a_pass_that_was_read_elsewhere_opens_nothing(app: Flask) -> None:
    victim, thief = app.test_client(), app.test_client()
    stolen = entrance(asked(victim))
    asked(thief)
    again = thief.get(stolen)
    assert again.headers["Location"].startswith("http://dispatch.example/pass?")
    assert thief.get("/page").status_code == 302


def test_a_pass_for_another_service_opens_nothing(app: Flask) -> None:
    client = app.test_client()
    other = entrance(asked(client), service="registration")
    assert client.get(other).status_code == 302
    assert client.get("/page").status_code == 302


def test_without_cookies_it_says_so_and_does_not_go_round_in_circles(app: Flask) -> None:
    first = app.test_client(use_cookies=False)
    asking = asked(first)
    once = first.get(entrance(asking))
    assert "again=1" in once.headers["Location"]
    twice = first.get(entrance(asking, again="1"))
    assert twice.status_code == 403
    assert "does not keep any" in twice.text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_it_leads_nowhere_else(app: Flask, back: str) -> None:
    client = app.test_client()
    assert client.get(entrance(asked(client), back=back)).headers["Location"] == "/"


def test_programs_come_with_a_signed_token(app: Flask) -> None:
    client = app.test_client()
    good = {"Authorization": f"Bearer {issue(SECRET, 'notifier', '*', 1)}"}
    bad = {"Authorization": f"Bearer {issue(SECRET, 'planner', '*', 1)}"}
    assert client.get("/page", headers=good).status_code == 200
    assert client.post("/act", headers=good).status_code == 200
    assert client.get("/page", headers=bad).status_code == 403
    assert client.get("/page", headers={"Authorization": "Bearer x"}).status_code == 401
    assert client.get("/page", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
