"""The API is as its own description says, tried with generated requests."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.registration.builders import answered, body
from tests.registration.conftest import Service

PARTIES = "/api/v1/cities/pasadena/parties"
DESCRIPTION = "/api/v1/openapi.json"
# A well-formed request may still break a rule that no schema can tell, such as the city's hours.
BEYOND_A_SCHEMA = "positive_data_acceptance"
# The client offers every packing, and in process unpacks none: a long answer would be bytes to it.
PLAIN = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_generated_requests_get_described_answers(service: Service, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, service.app)
    beyond: Any = schemathesis.checks.CHECKS.get_one(BEYOND_A_SCHEMA)
    token = str(answered(service.client.post(PARTIES, json=body()))["api_url"]).rpartition("/")[2]
    places = {"city": "pasadena", "token": token}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=60,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def is_answered_as_described(case: Any) -> None:
            case.path_parameters = {k: places[k] for k in case.path_parameters}
            case.call_and_validate(excluded_checks=[beyond], headers=PLAIN)

        is_answered_as_described()


def test_the_description_is_openapi_3_1(service: Service) -> None:
    found = answered(service.client.get(DESCRIPTION))
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {
        "/api/v1/cities/{city}/parties",
        "/api/v1/parties/{token}",
        "/api/v1/parties/{token}/restore",
    }
    post = found["paths"]["/api/v1/cities/{city}/parties"]["post"]
    assert {"201", "400", "404", "413", "415", "422"} <= set(post["responses"])
    assert [p["name"] for p in post["parameters"]] == ["Idempotency-Key"]
