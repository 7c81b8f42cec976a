"""What registration shows to staff alone, and what it notes of that."""

import re

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


def _address(rule: Rule) -> str:
    """An address of the rule, its blanks filled in."""
    filled = re.sub(r"<uuid:\w+>", "00000000-0000-0000-0000-000000000000", str(rule))
    return re.sub(r"<int:\w+>", "1", filled).replace("<city>", "pasadena")


def test_every_staff_page_asks_for_a_sign_in(service: Service) -> None:
    rules = staff_rules(service)
    assert len(rules) >= 3
    for rule in rules:
        path = _address(rule)
        if "GET" in (rule.methods or ()):
            assert "/pass?service=registration" in service.client.get(path).headers["Location"]
        else:
            assert service.client.post(path).status_code == 401
        client = service.client
        sign_in(client, "registration", SECRET, "team@*")
        assert client.open(path, method=_method(rule)).status_code == 403


def test_no_page_of_one_city_opens_to_planners_of_another(service: Service) -> None:
    for rule in staff_rules(service):
        if "<city>" in str(rule):
            client = service.client
            sign_in(client, "registration", SECRET, "administrator@dallas")
            assert client.open(_address(rule), method=_method(rule)).status_code == 403, rule


def _method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


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
