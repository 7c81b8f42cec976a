"""A host sees on the private page how the number stands, and types the code there."""

import json
import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from services.registration.adapters.door import TYPED, Door
from services.registration.domain.complaints import Rejected
from services.registration.domain.proof import read_code, shortly
from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.contracts.number import (
    Number,
    NumberAsked,
    NumberExcused,
    NumberProven,
    NumberRefused,
)
from shared.ids import new_id, number_id
from tests.entering import sign_in
from tests.registration.builders import answered, body
from tests.registration.conftest import SECRET, Service
from tests.registration.test_hearing import _fact, _hear

PARTIES = "/api/v1/cities/pasadena/parties"
PHONE = "+16265550123"
ID = number_id(SECRET, "pasadena", PHONE)


def now() -> datetime:
    return SystemClock().now()


def number(tries: int = 5, good: float = 24, again: float = 0, **more: Any) -> Number:
    """A number whose code is good for so many hours; another one may be asked for in so many."""
    hour, at = timedelta(hours=1), now()
    told: dict[str, Any] = {
        "id": ID,
        "goes_at": at - hour,
        "good_until": at + good * hour,
        "tries_left": tries,
        "another_from": at + again * hour,
    }
    return Number(**(told | more))


def said(fact: Any, revision: int, city: str = "pasadena") -> Envelope:
    return _fact(fact, fact.number.id, revision, city)


def register(service: Service, **changes: Any) -> str:
    """Register a host who agreed to texts; returns the path of the private page."""
    asked = body(phone="626-555-0123", sms_consent=True, **changes)
    made = answered(service.client.post(PARTIES, json=asked))
    return str(made["status_url"]).removeprefix("http://localhost")


def send(browser: FlaskClient, own: str, where: str = "number", **fields: str) -> TestResponse:
    guard = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(own).text)[0]
    path, _, query = own.partition("?")
    fields["csrf_token"] = guard
    return browser.post(f"{path}/{where}?{query}", data=fields, follow_redirects=True)


def shown(page: str) -> str:
    """What the page says of the number, in one line."""
    found = re.findall(r'<div id="number".*?</div>\s*<div id="standing"', page, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def entered(service: Service) -> list[dict[str, Any]]:
    rows = service.ask("select body from outbox where type like 'number.%%' order by id")
    return [json.loads(bytes(row[0]))["data"] for row in rows]


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "012-345", "٠١٢٣٤٥"])
def test_a_code_is_read_however_it_is_grouped(typed: str) -> None:
    assert read_code(typed) == "012345"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abc123456", "１２３"])
def test_what_is_no_code_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(Rejected):
        read_code(typed)


def test_a_number_is_shown_shortly() -> None:
    assert (shortly("+16265550142"), shortly("+442071838750")) == ("(…) …42", "…50")


def test_the_page_asks_for_the_code_only_where_the_number_was_asked(service: Service) -> None:
    own = register(service)
    assert "Confirm your number" not in service.client.get(own).text
    _hear(service, said(NumberAsked(number(), ""), 1))
    page = service.client.get(own).text
    assert "We texted a code to (…) …23." in page
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page
    _hear(service, said(NumberExcused(number(), ""), 2))
    assert "We texted a code" not in service.client.get(own).text


def test_without_consent_or_once_withdrawn_nothing_is_asked(service: Service) -> None:
    made = answered(service.client.post(PARTIES, json=body(phone="626-555-0123")))
    _hear(service, said(NumberAsked(number(), ""), 1))
    assert "We texted a code" not in service.client.get(made["status_url"]).text
    own = register(service, address="12 Oak St")
    assert "We texted a code" in service.client.get(own).text
    send(service.client, own, "withdraw")
    assert "We texted a code" not in service.client.get(own).text


def test_what_is_typed_goes_to_notify_and_into_no_table_or_address(service: Service) -> None:
    own = register(service)
    _hear(service, said(NumberAsked(number(), ""), 1))
    answer = send(service.client, own, code="012 345")
    assert "we are checking" in answer.text
    assert "012" not in answer.request.url.partition("?")[2]
    (fact,) = entered(service)
    assert (fact["code"], fact["number_id"]) == ("012345", ID)
    kept = service.ask("select e::text from code_entries e")
    assert "012345" not in str(kept)
    send(service.client, own, code="012345")
    assert len(entered(service)) == 1


def test_the_answer_to_what_was_typed_shows(service: Service) -> None:
    own, revision = register(service), count(2)
    _hear(service, said(NumberAsked(number(), ""), 1))

    def answer_to(code: str, fact: Any, *more: Any, **state: Any) -> str:
        send(service.client, own, code=code)
        entry = entered(service)[-1]["entry_id"]
        _hear(service, said(fact(number(**state), entry, *more), next(revision)))
        return shown(service.client.get(own).text)

    assert "did not fit. You have 4 tries left." in answer_to(
        "1" * 6, NumberRefused, "wrong", tries=4
    )
    assert "You have one try left." in answer_to("2" * 6, NumberRefused, "wrong", tries=1)
    last = answer_to("3" * 6, NumberRefused, "wrong", tries=0)
    assert "it was the last try" in last
    assert "Send a new code" in last
    send(service.client, own, "number/new")
    assert entered(service)[-1].keys() == {"party_id", "number_id", "entry_id"}
    asked = NumberAsked(number(again=0.01), entered(service)[-1]["entry_id"])
    _hear(service, said(asked, next(revision)))
    page = shown(service.client.get(own).text)
    assert "We texted a new code" in page
    assert "Send a new code" not in page
    assert "is confirmed" in answer_to("4" * 6, NumberProven)


def test_an_expired_code_can_only_be_asked_for_anew(service: Service) -> None:
    own = register(service)
    _hear(service, said(NumberAsked(number(good=-1), ""), 1))
    page = shown(service.client.get(own).text)
    assert "has expired. Please ask for a new one" in page
    _hear(service, said(NumberRefused(number(good=-1, again=9), "", "too_soon"), 2))
    page = shown(service.client.get(own).text)
    assert "or ask for a new code from" in page
    assert "Send a new code" not in page


def test_a_text_that_waits_for_the_morning_is_announced(service: Service) -> None:
    own = register(service)
    _hear(service, said(NumberAsked(number(goes_at=now() + timedelta(hours=3)), ""), 1))
    assert "We will text a code to (…) …23 at" in shown(service.client.get(own).text)


def test_what_is_no_code_is_said_beside_the_field_and_uses_no_try(service: Service) -> None:
    own = register(service)
    _hear(service, said(NumberAsked(number(), ""), 1))
    answer = send(service.client, own, code="12")
    assert answer.status_code == 422
    assert 'id="code-error">The code has six digits.' in answer.text
    spanish = send(service.client, f"{own}?lang=es", code="12")
    assert "La clave tiene seis cifras" in spanish.text
    assert entered(service) == []


def test_another_partys_answer_is_not_shown_as_mine_and_proof_serves_both(
    service: Service,
) -> None:
    mine, other = register(service), register(service, address="12 Oak St")
    _hear(service, said(NumberAsked(number(), ""), 1))
    send(service.client, other, code="111111")
    entry = entered(service)[-1]["entry_id"]
    _hear(service, said(NumberRefused(number(tries=4), entry, "wrong"), 2))
    assert "did not fit" in shown(service.client.get(other).text)
    assert "did not fit" not in shown(service.client.get(mine).text)
    _hear(service, said(NumberProven(number(), ""), 3))
    for own in (mine, other):
        assert "Your number (…) …23 is confirmed." in service.client.get(own).text


def test_staff_see_whether_the_number_is_confirmed(service: Service) -> None:
    register(service)
    (party,) = service.ask("select id::text from parties")[0]
    planner = service.client
    sign_in(planner, "registration", SECRET, "planner@pasadena")
    file = f"/staff/pasadena/parties/{party}"
    assert "confirmed yet" not in planner.get(file).text
    _hear(service, said(NumberAsked(number(), ""), 1))
    assert "number not confirmed yet" in planner.get(file).text
    _hear(service, said(NumberProven(number(), ""), 2))
    assert "number confirmed" in planner.get(file).text


def test_cities_do_not_see_one_anothers_numbers(service: Service) -> None:
    own = register(service)
    elsewhere = number(id=number_id(SECRET, "elsewhere", PHONE))
    _hear(service, said(NumberAsked(elsewhere, ""), 1, "elsewhere"))
    assert "We texted a code" not in service.client.get(own).text


def test_from_one_address_so_many_codes_are_typed_and_no_more() -> None:
    door = Door()
    tried = [door.may_type("8.8.4.4") for _ in range(TYPED + 1)]
    assert tried == [True] * TYPED + [False]
    assert door.may_type("8.8.8.8")
    assert Door(guarded=False).may_type("8.8.4.4")


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kinds=st.lists(st.sampled_from("arpe"), min_size=1, max_size=6), data=st.data())
def test_the_newest_holds_in_whichever_order_and_however_often_facts_come(
    service: Service, kinds: list[str], data: st.DataObject
) -> None:
    mine = number(id=new_id())
    made = {
        "a": NumberAsked(mine, ""),
        "r": NumberRefused(mine, "", "wrong"),
        "p": NumberProven(mine, ""),
        "e": NumberExcused(mine, ""),
    }
    facts = [said(made[kind], revision) for revision, kind in enumerate(kinds, 1)]
    for fact in data.draw(st.permutations([*facts, *facts])):
        _hear(service, fact)
    names = {"a": "asked", "r": "refused", "p": "proven", "e": "excused"}
    kept = "select revision, state from heard_numbers where number_id = %s"
    assert service.ask(kept, mine.id) == [(len(kinds), names[kinds[-1]])]
