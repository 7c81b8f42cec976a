"""New parties are counted, odd ones wait for staff, floods are refused, and nothing is lost."""

import re
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from limits.strategies import MovingWindowRateLimiter
from werkzeug.test import TestResponse

from services.registration.adapters.door import FROM_ADDRESS, WITH_CONTACT, Door, TooMany
from services.registration.domain.suspicion import SOONEST, FormSigns
from services.registration.main.web import make_web
from services.registration.pages import stamp
from services.registration.settings import Settings
from shared import counting
from shared.counting import Counts
from shared.db import open_pool
from tests.entering import sign_in
from tests.registration.builders import answered, asked, body, city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.test_pages import FORM

PARTIES = "/api/v1/cities/pasadena/parties"
HELD = "/staff/pasadena/held"
OUTSIDE = {"REMOTE_ADDR": "8.8.4.4"}
SLOW = FormSigns("", SOONEST + 1)


@pytest.fixture
def guarded(database: Callable[[str], str]) -> Iterator[Service]:
    """The service as it is delivered, with its guard on."""
    environ = {
        "REGISTRATION_DATABASE_URL": database("registration"),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": SECRET,
        "REGISTRATION_URL": "http://localhost",
        "PROXIES": "1",
    }
    pool = open_pool(environ["REGISTRATION_DATABASE_URL"], most=4)
    running = Service(make_web(Settings.read(environ), pool), pool, environ)
    running.add_city(city_text())
    yield running
    pool.close()


def _fill(
    browser: FlaskClient, headers: dict[str, str] | None = None, **changes: Any
) -> TestResponse:
    """Open the form, fill it in without waiting, and send it."""
    hidden = dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.get("/pasadena").text)
    )
    return browser.post("/pasadena", data=hidden | FORM | changes, headers=headers)


def _held(service: Service) -> list[str]:
    return [row[0] for row in service.ask("select document ->> 'held' from parties order by id")]


def test_a_form_sent_within_seconds_is_kept_and_told_to_nobody(guarded: Service) -> None:
    browser = guarded.client
    own = _fill(browser)
    assert own.status_code == 303
    assert _held(guarded) == ["haste"]
    assert "Somebody of the city looks at it" in browser.get(own.headers["Location"]).text
    assert "party.registered.v1" not in guarded.said()


def test_a_form_that_took_its_time_is_told_at_once(
    guarded: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamp, "seconds_since", lambda _: 60.0)
    assert _fill(guarded.client).status_code == 303
    assert _held(guarded) == [""]
    assert guarded.said()[-1] == "party.registered.v1"


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({stamp.TRAP: "buy"}, "trap"),
        ({stamp.OPENED: ""}, "no_form"),
        ({stamp.OPENED: "x"}, "no_form"),
    ],
)
def test_robots_are_held_by_what_they_fill_in(
    guarded: Service, changes: dict[str, str], sign: str
) -> None:
    assert _fill(guarded.client, **changes).status_code == 303
    assert _held(guarded) == [sign]


def test_a_refused_form_keeps_when_it_was_opened(guarded: Service) -> None:
    browser = guarded.client
    refused = _fill(browser, name="")
    first = re.search(r'name="opened" value="([^"]*)"', refused.text)
    again = browser.post("/pasadena", data=FORM | {"name": "", "opened": first and first[1]})
    assert first
    assert f'value="{first[1]}"' in again.text


def test_a_held_party_is_let_in_by_staff_and_then_told_as_it_is(guarded: Service) -> None:
    made = answered(guarded.client.post(PARTIES, json=body(name="see https://x.example")))
    assert made["held"] is True
    link = made["api_url"]
    assert guarded.client.patch(link, json={"people": 7}).status_code == 200
    assert "party.amended.v1" not in guarded.said()
    planner = guarded.client
    sign_in(planner, "registration", SECRET, "planner@pasadena")
    page = planner.get(HELD)
    assert "A name holds the address of a web page." in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    data = {"csrf_token": token and token[1]}
    done = planner.post(f"{HELD}/{made['id']}/release", data=data, follow_redirects=True)
    assert "is let in" in done.text
    assert "Nothing waits." in done.text
    assert guarded.said()[-1] == "party.registered.v1"
    assert answered(guarded.client.get(link))["held"] is False
    assert "held party let in" in [row[0] for row in guarded.ask("select what from audit")]
    assert guarded.client.patch(link, json={"people": 8}).status_code == 200
    assert guarded.said()[-1] == "party.amended.v1"


def test_a_held_party_that_staff_withdraws_is_never_told(guarded: Service) -> None:
    made = answered(guarded.client.post(PARTIES, json=body(name="see www.x.example")))
    planner = guarded.client
    sign_in(planner, "registration", SECRET, "planner@pasadena")
    token = re.search(r'name="csrf_token" value="([^"]+)"', planner.get(HELD).text)
    data = {"csrf_token": token and token[1]}
    assert planner.post(f"{HELD}/{made['id']}/withdraw", data=data).status_code == 303
    assert [said for said in guarded.said() if said.startswith("party.")] == []
    assert answered(guarded.client.get(made["api_url"]))["state"] == "withdrawn"


def test_one_contact_is_held_after_a_few_parties_and_refused_after_many(guarded: Service) -> None:
    few, most = WITH_CONTACT
    for number in range(most):
        assert guarded.client.post(PARTIES, json=body(email=None)).status_code == 201, number
    assert _held(guarded) == [""] * few + ["contact"] * (most - few)
    refused = guarded.client.post(PARTIES, json=body(email=None, phone="+1 626 555 0123"))
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.headers["Retry-After"]
    form = _fill(guarded.client)
    assert form.status_code == 429
    assert "Many parties were just registered" in form.text
    assert FORM["address"] in form.text
    assert (
        guarded.client.post(PARTIES, json=body(phone="(626) 555-0199", email=None)).status_code
        == 201
    )


def test_who_asks_is_told_by_the_proxy_that_is_believed(guarded: Service) -> None:
    door = guarded.app.extensions["desk"].door
    for number in range(FROM_ADDRESS[1]):
        door.entered(asked(phone=f"626555{number:04}", email=""), "8.8.4.4")
    inside, other = ({"X-Forwarded-For": address} for address in ("8.8.4.4", "8.8.4.5"))
    assert guarded.client.post(PARTIES, json=body(), headers=inside).status_code == 429
    assert guarded.client.post(PARTIES, json=body(), headers=other).status_code == 201


def test_nobody_finds_out_by_trying_who_holds_a_party(guarded: Service) -> None:
    guarded.client.post(PARTIES, json=body())
    browser = guarded.client
    inside = {"X-Forwarded-For": "8.8.4.4"}
    tries = range(FROM_ADDRESS[1] + 1)
    statuses = [_fill(browser, headers=inside).status_code for _ in tries]
    assert set(statuses[:-1]) == {200}
    assert statuses[-1] == 429


def test_an_address_is_held_before_it_is_refused() -> None:
    door = Door()
    few, most = FROM_ADDRESS
    signs = []
    for number in range(most):
        one = asked(phone=f"626555{number:04}", email="")
        signs.append(door.sign(one, "2001:4860::1" if number % 2 else "2001:4860::2", SLOW))
        door.entered(one, "2001:4860::1")
    assert signs == [""] * few + ["crowd"] * (most - few)
    with pytest.raises(TooMany):
        door.sign(asked(phone="6265559999"), "2001:4860::9", SLOW)
    assert door.sign(asked(phone="6265559999"), "2001:4861::1", SLOW) == ""


def test_a_proxy_that_is_not_counted_does_not_shut_a_city_out() -> None:
    door = Door()
    for address in ("127.0.0.1", "10.0.0.7", "fd00::1", "", "nowhere"):
        for number in range(FROM_ADDRESS[1] + 1):
            door.entered(asked(phone=f"626555{number:04}", email=""), address)
        assert door.sign(asked(phone="6265559999"), address, SLOW) == ""


def test_counts_are_forgotten_when_their_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, ahead = Counts(), [0.0]
    clock = SimpleNamespace(time=lambda: time.time() + ahead[0])
    monkeypatch.setattr(counting, "time", clock)
    limiter, hourly = MovingWindowRateLimiter(counts), RateLimitItemPerHour(3)
    assert [limiter.hit(hourly, "one") for _ in range(5)] == [True, True, True, False, False]
    assert not limiter.test(hourly, "one")
    assert limiter.hit(hourly, "other")
    ahead[0] = 3601.0
    assert limiter.hit(hourly, "third")
    assert len(counts.events) == 1
    assert limiter.hit(hourly, "one")
