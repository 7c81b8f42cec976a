"""What every answer carries, whatever became of the request."""

import pytest

from tests.registration.builders import body
from tests.registration.conftest import Service

PARTIES = "/api/v1/cities/pasadena/parties"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/healthz"),
        ("GET", "/nowhere/at/all"),
        ("GET", "/static/porchlight.css"),
        ("PUT", PARTIES),
        ("POST", PARTIES),
    ],
)
def test_every_answer_has_the_safe_headers_once(service: Service, method: str, path: str) -> None:
    answer = service.client.open(path, method=method, json=body())
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert len(answer.headers.getlist(name)) == 1


def test_an_answer_bears_the_number_that_the_request_came_with(service: Service) -> None:
    given = service.client.get("/healthz", headers={"X-Request-ID": "trace-12345"})
    assert given.headers["X-Request-ID"] == "trace-12345"
    assert service.client.get("/healthz").headers["X-Request-ID"] != "trace-12345"


def test_a_number_that_could_forge_a_line_is_replaced(service: Service) -> None:
    answer = service.client.get("/healthz", headers={"X-Request-ID": "no spaces <here>"})
    assert answer.headers.getlist("X-Request-ID") != ["no spaces <here>"]
