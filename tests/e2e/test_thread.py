"""One registration from the web to the host's phone and back, through real processes."""

import time

import httpx
import pytest

from tests.night import Counts, Night
from tests.waiting import eventually


def _messages(night: Night, city: str) -> list[dict[str, str]]:
    answer = night.client.get(night.api("notify", f"/api/v1/messages?city={city}"))
    found: list[dict[str, str]] = answer.json()["messages"]
    return found


def test_a_registration_is_confirmed_planned_told_and_shown(night: Night) -> None:
    city = night.add_city()
    party = night.register(city, 1, phone="626-555-0123", sms_consent=True, language="es")
    sent = eventually(
        lambda: [m for m in _messages(night, city) if m["state"] == "sent"],
        lambda found: len(found) == 2,
    )
    assert {(m["template"], m["channel"], m["state"], m["language"]) for m in sent} == {
        ("received", "email", "sent", "es"),
        ("window", "sms", "sent", "es"),
    }
    board = night.board(city)
    assert [s["name"] for t in board["teams"] for s in t["stops"]] == ["Block 1"]
    told = next(s["told"] for t in board["teams"] for s in t["stops"])
    eventually(lambda: told.split("–")[0] in night.client.get(party["status_url"]).text)
    eventually(
        lambda: night.ask(
            "registration", "select count(*) from heard_messages where city = %s and sent", city
        ),
        2,
    )


def test_one_correlation_id_goes_from_the_request_to_the_message(night: Night) -> None:
    city = night.add_city()
    answer = night.client.post(
        night.api("registration", f"/api/v1/cities/{city}/parties"),
        json={
            "name": "Block",
            "address": "1 Elm St",
            "starts_at": "18:00",
            "ends_at": "21:00",
            "host_name": "Host",
            "email": "host@example.org",
            "lat": 34.14,
            "lon": -118.08,
        },
        headers={"X-Request-ID": f"trace-{city}"},
    )
    assert answer.headers["X-Request-ID"] == f"trace-{city}"
    query = "select count(*) from messages where city = %s and correlation = %s"
    eventually(lambda: night.ask("notify", query, city, f"trace-{city}"), 2)


def test_a_withdrawn_party_leaves_the_plan_and_a_changed_one_stays_in_it_once(night: Night) -> None:
    city = night.add_city(teams=1)
    parties = [night.register(city, n) for n in range(3)]
    eventually(lambda: night.board(city)["planned"], 3)
    api = night.api("registration", "") + parties[0]["api_url"]
    assert night.client.patch(api, json={"name": "Renamed"}).status_code == 200
    assert (
        night.client.delete(night.api("registration", "") + parties[1]["api_url"]).status_code < 300
    )
    names = lambda: sorted(  # noqa: E731 - asked again and again
        s["name"] for t in night.board(city)["teams"] for s in t["stops"]
    )
    eventually(names, ["Block 2", "Renamed"])


def test_cities_in_one_installation_know_nothing_of_each_other(night: Night) -> None:
    here, there = night.add_city(), night.add_city()
    night.register(here, 1)
    eventually(lambda: night.board(here)["planned"], 1)
    assert night.board(there)["parties"] == 0
    assert _messages(night, there) == []
    query = "select count(*) from parties where city = %s"
    assert night.ask("notify", query, there) == 0


def test_what_a_redis_that_is_away_holds_up_arrives_when_it_is_back(night: Night) -> None:
    city = night.add_city()
    supervisor = night.stack.supervisor
    supervisor.stop_one("valkey")
    try:
        slowest = 0.0
        for number in range(20):
            began = time.monotonic()
            night.register(city, number)
            slowest = max(slowest, time.monotonic() - began)
        assert night.client.get(night.api("registration", "/readyz")).status_code == 503
        assert night.client.get(night.api("registration", "/healthz")).status_code == 200
    finally:
        supervisor.start_again("valkey")
    eventually(lambda: night.counts(city), Counts(20, 20, 20, 20, 20, 20), seconds=30)


def test_the_list_of_a_city_needs_that_citys_token(night: Night) -> None:
    city, other = night.add_city(), night.add_city()
    path = night.api("registration", f"/api/v1/cities/{city}/parties")
    assert httpx.get(path).status_code == 401
    for who, expected in ((city, 200), (other, 403)):
        token = night.token("planner", who)
        answer = night.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == expected
        if expected != 200:
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("service", ["registration", "dispatch", "notify"])
def test_every_web_process_says_that_it_is_alive_and_ready(night: Night, service: str) -> None:
    assert night.client.get(night.api(service, "/healthz")).json() == {"status": "alive"}
    eventually(lambda: night.client.get(night.api(service, "/readyz")).json(), {"status": "ready"})
