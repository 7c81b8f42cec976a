"""The API's strict bodies: the short way of reading plain ones, and the long way of the others."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from marshmallow import Schema

from services.registration.api.schemas import AmendmentSchema, RegistrationSchema
from tests.registration.builders import body

SCHEMAS = [RegistrationSchema(), AmendmentSchema()]
_scalars = (
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
)
_values = _scalars | some.lists(some.text() | some.integers(), max_size=3)
_names = some.sampled_from([*AmendmentSchema().fields, "stranger"])


@pytest.mark.parametrize("schema", SCHEMAS)
@given(changes=some.dictionaries(_names, _values), whole=some.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_marshmallow_gives_plain_bodies_back_as_they_are(
    schema: RegistrationSchema, changes: dict[str, Any], whole: bool
) -> None:
    data = (body() if whole else {}) | changes
    if schema.is_plain(data):
        found = Schema.load(schema, data)
        assert sorted(map(repr, found.items())) == sorted(map(repr, data.items()))


def test_an_ordinary_body_is_read_the_short_way() -> None:
    assert RegistrationSchema().is_plain(body())


@pytest.mark.parametrize("changes", [{"people": True}, {"sms_consent": 1}, {"wanted": [1]}])
def test_what_only_looks_right_is_not_plain(changes: dict[str, Any]) -> None:
    assert not RegistrationSchema().is_plain(body(**changes))
