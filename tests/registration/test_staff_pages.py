"""What registration shows to staff alone, and what it notes of that."""

from werkzeug.routing import Rule

from services.registration.main.access import ACCESS
from shared.access import Door, row_for
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


def test_every_staff_page_asks_for_a_sign_in(service: Service) -> None:
    rules = staff_rules(service)
    assert len(rules) >= 3
    for rule in rules:
        path = str(rule).replace("<uuid:letter_id>", "00000000-0000-0000-0000-000000000000")
        assert "/pass?service=registration" in service.client.get(path).headers["Location"]
        client = service.client
        sign_in(client, "registration", SECRET, "dispatcher@*")
        assert client.get(path).status_code == 403


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
