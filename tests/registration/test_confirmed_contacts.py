"""A host who opens the link that was written to a contact shows that the contact is right."""

import json

from tests.entering import sign_in
from tests.registration.builders import answered, body
from tests.registration.conftest import SECRET, Service

PARTIES = "/api/v1/cities/pasadena/parties"


def _written_link(service: Service) -> str:
    said = service.ask(
        "select body from outbox where type like 'party.%%' order by id desc limit 1"
    )
    url = str(json.loads(bytes(said[0][0]))["data"]["party"]["status_url"])
    return url.removeprefix("http://localhost")


def _is_confirmed(service: Service) -> bool:
    listed = answered(service.client.get(PARTIES, headers=service.bearer("planner", "pasadena")))
    return bool(listed["parties"][0]["contact_confirmed"])


def test_only_a_link_that_was_written_to_the_contact_confirms_it(service: Service) -> None:
    made = answered(service.client.post(PARTIES, json=body()))
    assert service.client.get(made["status_url"]).status_code == 200
    assert not _is_confirmed(service)
    assert service.client.get(_written_link(service)).status_code == 200
    assert _is_confirmed(service)


def test_another_contact_has_to_be_confirmed_anew(service: Service) -> None:
    made = answered(service.client.post(PARTIES, json=body()))
    old = _written_link(service)
    assert service.client.get(old).status_code == 200
    assert service.client.patch(made["api_url"], json={"email": "b@example.org"}).status_code == 200
    assert not _is_confirmed(service)
    assert service.client.get(old).status_code == 200
    assert not _is_confirmed(service)
    assert service.client.get(_written_link(service)).status_code == 200
    assert _is_confirmed(service)


def test_the_staff_list_says_whose_contact_is_unconfirmed(service: Service) -> None:
    service.client.post(PARTIES, json=body())
    planner = service.client
    sign_in(planner, "registration", SECRET, "planner@pasadena")
    assert "contact unconfirmed" in planner.get("/staff/pasadena/parties").text
    service.client.get(_written_link(service))
    assert "contact unconfirmed" not in planner.get("/staff/pasadena/parties").text
