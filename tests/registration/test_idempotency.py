"""The same key is the same registration, also when two requests come at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.registration.worker import sweep
from tests.registration.builders import body, city_text
from tests.registration.conftest import Service

PARTIES = "/api/v1/cities/pasadena/parties"


def _send(service: Service, key: str, city: str = "pasadena", **changes: Any) -> tuple[int, bytes]:
    answer = service.client.post(
        f"/api/v1/cities/{city}/parties",
        json=body(**changes),
        headers={"Idempotency-Key": key},
    )
    return answer.status_code, answer.data


def test_the_same_request_again_gets_the_same_answer(service: Service) -> None:
    first = _send(service, "one")
    assert first[0] == 201
    assert _send(service, "one") == first
    assert service.count("parties") == 1
    assert service.said().count("party.registered.v1") == 1


def test_a_key_used_for_another_body_is_refused(service: Service) -> None:
    _send(service, "one")
    status, _ = _send(service, "one", people=3)
    assert status == 422
    assert service.count("parties") == 1


def test_keys_of_different_cities_have_nothing_to_do_with_each_other(service: Service) -> None:
    service.add_city(city_text(slug="elsewhere", name="Elsewhere"))
    assert _send(service, "one")[0] == _send(service, "one", city="elsewhere")[0] == 201
    assert service.count("parties") == 2


def test_a_refused_request_does_not_use_its_key_up(service: Service) -> None:
    assert _send(service, "one", name="")[0] == 422
    assert _send(service, "one")[0] == 201


def test_many_at_the_same_moment_are_one(service: Service) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(lambda _: _send(service, "one"), range(24)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert service.count("parties") == service.count("party_history") == 1
    assert service.said().count("party.registered.v1") == 1


def test_a_key_must_be_short_and_visible(service: Service) -> None:
    assert _send(service, "x" * 201)[0] == 422
    assert _send(service, "")[0] == 422


def test_keys_are_forgotten_after_a_day_and_not_before(service: Service) -> None:
    _send(service, "old")
    service.ask("update idempotency_keys set made_at = now() - interval '25 hours' returning 1")
    _send(service, "new")
    sweep(service.pool)
    assert service.ask("select key from idempotency_keys") == [("new",)]
