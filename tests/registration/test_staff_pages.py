"""What registration shows to staff alone, and what it notes of that."""

import re

from werkzeug.routing import Rule

from services.registration.main.access import ACCESS
from shared.access import Door, row_for
from tests.entering import sign_in
from tests.registration.builders import body, city_text
from tests.registration.conftest import SECRET, Service


def staff_rules(service: Service) -> list[Rule]:
    found = []
    for rule in service.app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        assert row is not None, f"{rule.endpoint} has no row in main/access.py"
        if row.door not in (Door.PUBLIC, Door.OWN):
            found.append(rule)
    return found


NOTHING = "00000000-0000-0000-0000-000000000000"
ROLES_OF_STAFF = ("planner", "dispatcher", "notifier", "auditor", "team")


def requests_of(service: Service) -> list[tuple[Rule, str, str]]:
    """Every rule for staff, with its methods and an address in Pasadena."""
    found = []
    for rule in staff_rules(service):
        path = re.sub(r"<any\(\W*(\w+)[^>]*>", r"\1", str(rule))
        path = re.sub(r"<uuid:\w+>", NOTHING, path).replace("<city>", "pasadena")
        path = path.replace("<int:revision>", "1")
        found += [(rule, m, path) for m in sorted(set(rule.methods or ()) & {"GET", "POST"})]
    return found


def test_every_staff_page_asks_for_a_sign_in(service: Service) -> None:
    asked = requests_of(service)
    assert len(asked) >= 20
    for _, method, path in asked:
        answer = service.client.open(path, method=method)
        if method == "GET" and not path.startswith("/api/"):
            assert "/pass?service=registration" in answer.headers["Location"], path
        else:
            assert answer.status_code == 401, path


def test_every_staff_page_opens_to_the_roles_that_its_row_names_and_to_no_other(
    service: Service,
) -> None:
    for role in ROLES_OF_STAFF:
        client = service.client
        sign_in(client, "registration", SECRET, f"{role}@*")
        for rule, method, path in requests_of(service):
            row = row_for(ACCESS, rule.endpoint)
            assert row is not None
            answer = client.open(path, method=method)
            shut = "Your roles do not open this." in answer.text
            assert shut == (role not in row.roles), f"{method} {path} to {role}"


def test_what_was_typed_outlives_the_pass(service: Service) -> None:
    sent = service.client.post("/staff/pasadena/parties/new", data={"note": "She said: <b>yes</b>"})
    assert sent.status_code == 401
    assert 'name="note" value="She said: &lt;b&gt;yes&lt;/b&gt;"' in sent.text
    assert "/enter?back=/house-static/signed-in.html" in sent.text
    assert service.client.get("/house-static/signed-in.html").status_code == 200
    program = service.client.post("/staff/pasadena/parties/new", json={"note": "x"})
    assert program.mimetype == "application/problem+json"


def test_the_staff_of_another_city_is_shut_out_of_everything_of_this_one(service: Service) -> None:
    client = service.client
    sign_in(client, "registration", SECRET, "administrator@dallas", "planner@dallas")
    for rule, method, path in requests_of(service):
        if "city" in rule.arguments:
            assert client.open(path, method=method).status_code == 403, path


def test_a_party_of_another_city_is_not_found_by_its_id(service: Service) -> None:
    service.add_city(city_text(slug="dallas", name="Dallas"))
    service.app.extensions["desk"].cities.forget()
    given = body()
    service.client.post("/api/v1/cities/pasadena/parties", json=given)
    party = service.ask("select id from parties")[0][0]
    client = service.client
    sign_in(client, "registration", SECRET, "planner@dallas")
    assert client.get(f"/staff/dallas/parties/{party}").status_code == 404
    assert client.get(f"/staff/dallas/parties/{party}/change").status_code == 404
    assert "Maple" not in client.get("/staff/dallas/parties").text


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
