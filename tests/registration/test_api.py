"""The API on a real database: what it takes, gives, keeps and refuses."""

from typing import Any

import pytest

from tests.registration.builders import answered, body, city_text
from tests.registration.conftest import Service

PARTIES = "/api/v1/cities/pasadena/parties"
PROBLEM = "application/problem+json"


def _made(service: Service, **changes: Any) -> dict[str, Any]:
    answer = service.client.post(PARTIES, json=body(**changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answered(answer)
    return found


def test_a_party_its_history_and_its_fact_are_kept_together(service: Service) -> None:
    made = _made(service, sms_consent=True)
    assert (made["state"], made["revision"], made["phone"]) == ("registered", 1, "+16265550123")
    assert made["starts_at"] == "2027-08-03T18:30:00-07:00"
    assert service.count("parties") == service.count("party_history") == 1
    assert service.said() == ["city.configured.v1", "party.registered.v1"]
    (consent,) = service.ask("select document->'consent' from parties")[0]
    assert consent["origin"] == "127.0.0.1"


def test_materials_go_from_the_request_into_history_and_fact(service: Service) -> None:
    party = _made(service, materials=["career_talk", "home_safety"])
    assert party["materials"] == ["home_safety", "career_talk"]
    change = {"revision": 1, "materials": ["drug_prevention"]}
    assert answered(service.client.patch(party["api_url"], json=change))["materials"] == [
        "drug_prevention"
    ]
    query = "select after->'details'->'materials' from party_history order by revision"
    assert [row[0] for row in service.ask(query)] == [
        ["home_safety", "career_talk"],
        ["drug_prevention"],
    ]


def test_a_refused_party_leaves_nothing(service: Service) -> None:
    answer = service.client.post(PARTIES, json=body(ends_at="18:00", lat=52.5, lon=13.4))
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert set(answered(answer)["errors"]) == {"ends_at", "lat"}
    assert service.count("parties") == service.count("party_history") == 0
    assert service.said() == ["city.configured.v1"]


def test_unknown_and_ill_typed_fields_are_refused_by_name(service: Service) -> None:
    odd = body(colour="blue", people="many", wanted="police", no_visit="yes", lat="north")
    answer = service.client.post(PARTIES, json=odd)
    assert answer.status_code == 422
    assert set(answered(answer)["errors"]) == {"colour", "people", "wanted", "no_visit", "lat"}
    assert answered(answer)["errors"]["colour"] == ["There is no such field."]


def test_missing_fields_are_all_named_at_once(service: Service) -> None:
    answer = service.client.post(PARTIES, json={})
    assert answer.status_code == 422
    assert set(answered(answer)["errors"]) == {
        "name",
        "address",
        "starts_at",
        "ends_at",
        "host_name",
    }


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b'{"name": ', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"lat": NaN}', "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"7", "application/json", 422),
        (b"name=A", "application/x-www-form-urlencoded", 415),
        (b"[" * 100_000, "application/json", 400),
        (b'"' + b"x" * 1_000_000 + b'"', "application/json", 413),
    ],
)
def test_a_body_that_is_no_registration_is_a_problem(
    service: Service, data: bytes, kind: str, status: int
) -> None:
    answer = service.client.post(PARTIES, data=data, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answered(answer)["status"] == status


def test_a_wrong_method_names_the_right_ones(service: Service) -> None:
    answer = service.client.put(PARTIES, json=body())
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_a_city_that_is_not_there_is_a_problem(service: Service) -> None:
    answer = service.client.post("/api/v1/cities/nowhere/parties", json=body())
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_a_host_sees_changes_withdraws_and_restores_by_the_private_token(service: Service) -> None:
    own = _made(service)["api_url"]
    assert answered(service.client.get(own))["name"] == "Maple Street neighbors"
    changed = service.client.patch(own, json={"name": "Oak Street", "lat": None, "lon": None})
    assert (answered(changed)["name"], answered(changed)["revision"]) == ("Oak Street", 2)
    assert answered(changed)["lat"] is None
    assert answered(service.client.delete(own))["state"] == "withdrawn"
    assert answered(service.client.post(own + "/restore"))["state"] == "registered"
    assert service.said()[1:] == [
        "party.registered.v1",
        "party.amended.v1",
        "party.withdrawn.v1",
        "party.amended.v1",
    ]
    history = service.ask("select revision, before is null from party_history order by revision")
    assert history == [(1, True), (2, False), (3, False), (4, False)]


def test_a_change_to_an_outdated_party_is_refused(service: Service) -> None:
    own = _made(service)["api_url"]
    first = service.client.patch(own, json={"people": 1, "revision": 1})
    second = service.client.patch(own, json={"people": 2, "revision": 1})
    assert (first.status_code, second.status_code) == (200, 409)
    assert service.client.patch(own, json={"starts_at": "3 pm"}).status_code == 422


@pytest.mark.parametrize("token", ["nonsense", "AaILgdOLdfeQBPJJlylWCQ.forged", "%00", "é"])
def test_a_forged_token_opens_nothing(service: Service, token: str) -> None:
    answer = service.client.get(f"/api/v1/parties/{token}")
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_staff_see_their_own_city_only(service: Service) -> None:
    service.add_city(city_text(slug="elsewhere", name="Elsewhere"))
    _made(service)
    ask = service.client.get
    planner = service.bearer("planner", "pasadena")
    assert [p["name"] for p in answered(ask(PARTIES, headers=planner))["parties"]] == [
        "Maple Street neighbors"
    ]
    elsewhere = "/api/v1/cities/elsewhere/parties"
    statuses = [
        ask(PARTIES).status_code,
        ask(PARTIES, headers={"Authorization": "Bearer made-up"}).status_code,
        ask(PARTIES, headers={"Authorization": "Basic YTpi"}).status_code,
        ask(PARTIES, headers=service.bearer("team", "pasadena")).status_code,
        ask(elsewhere, headers=planner).status_code,
        ask(elsewhere, headers=service.bearer("administrator", "pasadena")).status_code,
        ask(elsewhere, headers=service.bearer("administrator", "*")).status_code,
    ]
    assert statuses == [401, 401, 401, 403, 403, 403, 200]


def test_a_changed_city_counts_at_once_in_the_next_seconds(service: Service) -> None:
    assert service.add_city(city_text()) == "unchanged"
    assert service.add_city(city_text(name="New Pasadena")) == "updated"
    revisions = service.ask("select revision from cities")
    assert revisions == [(2,)]
    assert service.said() == ["city.configured.v1"] * 2
