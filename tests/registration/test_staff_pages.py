"""What registration shows to staff alone, and what it notes of that."""

import pytest
from werkzeug.routing import Rule

from services.registration.main.access import ACCESS
from shared.access import Door, row_for
from shared.grants import ADMINISTRATOR, ROLES
from tests.entering import sign_in
from tests.registration.conftest import SECRET, Service


def staff_rules(service: Service) -> list[Rule]:
    found = []
    for rule in service.app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        assert row is not None, f"{rule.endpoint} has no row in main/access.py"
        if row.door not in (Door.PUBLIC, Door.OWN):
            found.append(rule)
    return found


def path_of(rule: Rule) -> str:
    path = str(rule).replace("<uuid:letter_id>", "00000000-0000-0000-0000-000000000000")
    return path.replace("<city>", "pasadena")


def test_every_staff_page_asks_for_a_sign_in(service: Service) -> None:
    rules = staff_rules(service)
    assert len(rules) >= 4
    for path in map(path_of, rules):
        answer = service.client.get(path)
        if path.startswith("/api/"):
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.content_type == "application/problem+json"
        else:
            assert "/pass?service=registration" in answer.headers["Location"]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_opens_what_its_row_does_not_name(service: Service, role: str) -> None:
    for rule in staff_rules(service):
        row = row_for(ACCESS, rule.endpoint)
        client = service.app.test_client()
        sign_in(client, "registration", SECRET, f"{role}@*")
        opened = row is not None and role in {*row.roles, ADMINISTRATOR}
        assert (client.get(path_of(rule)).status_code != 403) == opened, f"{role}: {rule}"


def test_dead_letters_are_for_auditors_of_every_city(service: Service) -> None:
    client = service.client
    sign_in(client, "registration", SECRET, "auditor@pasadena")
    assert client.get("/dead-letters").status_code == 403
    sign_in(client, "registration", SECRET, "auditor@*")
    assert client.get("/dead-letters").status_code == 200


def test_reading_all_contacts_is_noted(service: Service) -> None:
    path = "/api/v1/cities/pasadena/parties"
    service.client.get(path, headers=service.bearer("planner", "pasadena"))
    client = service.client
    sign_in(client, "registration", SECRET, "auditor@pasadena")
    page = client.get("/audit").text
    assert "all contacts read" in page
    assert "a token (planner, pasadena)" in page
    sign_in(client, "registration", SECRET, "auditor@dallas")
    assert "No entry fits" in client.get("/audit").text
