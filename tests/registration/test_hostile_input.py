"""Whatever people paste into a field is refused in words or kept as the text that it is."""

import json
from typing import Any

import pytest
from markupsafe import escape

from tests.registration.builders import answered, body
from tests.registration.conftest import Service

PARTIES = "/api/v1/cities/pasadena/parties"
TEXTS = ("name", "address", "location_notes", "host_name")
KEPT = {
    "emoji": "🎉👩‍👩‍👧‍👦🏳️‍🌈",
    "right-to-left": "جيران شارع القيقب \u202eabc",
    "sql": "Robert'); drop table parties; --",
    "html": '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "template": "{{ 7*7 }} {% raw %} ${7*7} %s %(x)s {0}",
    "percent": "100 % sure & \"quoted\" 'twice' \\ back",
}
STRICT = ("phone", "email", "language", "area", "starts_at", "ends_at")


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_any_text_is_kept_as_text_and_shown_escaped(service: Service, text: str) -> None:
    made = service.client.post(PARTIES, json=body(**dict.fromkeys(TEXTS, text)))
    assert made.status_code == 201, made.text
    assert [answered(made)[name] for name in TEXTS] == [text] * len(TEXTS)
    page = service.client.get(answered(made)["status_url"])
    assert page.status_code == 200
    assert str(escape(text)) in page.text
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert service.count("parties") == 1


def test_nul_is_refused_under_its_field(service: Service) -> None:
    for field in (*TEXTS, *STRICT):
        _refused_for(service, field, "a\x00b")


def test_a_text_that_is_far_too_long_is_refused_under_its_field(service: Service) -> None:
    for field in (*TEXTS, *STRICT):
        _refused_for(service, field, "x" * 200_000)
        whole = service.client.post(PARTIES, json=body(**{field: "x" * 1_000_000}))
        assert whole.status_code == 413


@pytest.mark.parametrize("field", STRICT)
def test_a_field_with_a_form_of_its_own_refuses_other_texts(service: Service, field: str) -> None:
    for text in KEPT.values():
        _refused_for(service, field, text)


def _refused_for(service: Service, field: str, text: str) -> None:
    answer = service.client.post(PARTIES, json=body(**{field: text}))
    assert answer.status_code == 422
    assert list(answered(answer)["errors"]) == [field]


ODD: tuple[dict[str, Any], ...] = (
    {"people": 10**30},
    {"people": 1e300},
    {"people": True},
    {"children": 2.5},
    {"lat": 1e308, "lon": 0},
    {"lat": True, "lon": False},
    {"wanted": ["police"] * 1000 + ["ghost"]},
    {"wanted": [["police"]]},
    {"wanted": [None]},
    {"sms_consent": 1},
    {"host_name": {"a": 1}},
)


def test_odd_values_are_refused_and_break_nothing(service: Service) -> None:
    for changes in ODD:
        sent = json.dumps(body(**changes))
        answer = service.client.post(PARTIES, data=sent, content_type="application/json")
        assert answer.status_code == 422, changes
        assert answered(answer)["errors"]
