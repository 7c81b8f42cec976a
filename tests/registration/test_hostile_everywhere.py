"""Hostile texts in every field of every form and of the API: no fault, kept as typed, escaped."""

import pytest

from services.registration.api.schemas import RegistrationSchema
from shared.grants import ROLES
from tests.entering import sign_in
from tests.hostile import HOSTILE, fill, forms_of, pages_of, raw_in
from tests.registration.builders import answered, body
from tests.registration.conftest import SECRET, Service

PARTIES = "/api/v1/cities/pasadena/parties"
FREE = ("name", "address", "location_notes", "host_name", "rain_plan")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_every_field_of_the_api_refuses_it_in_words_or_keeps_it_as_typed(
    service: Service, text: str
) -> None:
    for field in RegistrationSchema().fields:
        made = service.client.post(PARTIES, json=body(**{field: text}))
        assert made.status_code in (201, 422), field
        if made.status_code == 201:
            assert field in FREE
            assert answered(made)[field] == text.strip()
    for field in ("wanted", "materials"):
        assert service.client.post(PARTIES, json=body(**{field: [text]})).status_code == 422
    key = {"Idempotency-Key": text.encode("ascii", "ignore").decode().splitlines()[0]}
    if "\x00" not in key["Idempotency-Key"]:
        assert service.client.post(PARTIES, json=body(), headers=key).status_code in (201, 422)


def test_every_form_takes_it_without_a_fault_and_every_page_shows_it_escaped(
    service: Service,
) -> None:
    made = answered(service.client.post(PARTIES, json=body()))
    known: dict[str, object] = {
        "city": "pasadena",
        "token": str(made["api_url"]).rpartition("/")[2],
        "party_id": made["id"],
    }
    client = service.client
    sign_in(client, "registration", SECRET, *(f"{role}@*" for role in ROLES))
    forms = forms_of(client, pages_of(service.app, known))
    assert len(forms) >= 6
    for text in HOSTILE.values():
        free = body(**dict.fromkeys(FREE, text))
        service.client.post(PARTIES, json=free)
        for form in forms:
            assert fill(client, form, text) < 500, f"{form.action}: {text[:40]!r}"
    whole = next(form for form in forms if len(form.fields) > 1)
    assert fill(client, whole, "x" * 1_000_000) == 413
    assert raw_in(client, pages_of(service.app, known)) == []
    for (link,) in service.ask("select id::text from parties"):
        token = service.app.extensions["desk"].links.token(link)
        assert raw_in(client, iter([f"/pasadena/party/{token}"])) == []
