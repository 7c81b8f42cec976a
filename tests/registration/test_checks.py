"""A registration is understood whole, or refused with every complaint at once."""

from datetime import UTC, datetime

import pytest

from services.registration.adapters.contacts import Contacts
from services.registration.domain.checks import LENGTHS, understand
from services.registration.domain.city import City
from services.registration.domain.complaints import Rejected
from services.registration.domain.party import Details, Registration, as_asked
from tests.registration.builders import a_city, asked

CITY = a_city()


def _understood(registration: Registration, city: City = CITY) -> Details:
    return understand(registration, city, Contacts())


def _complaints(registration: Registration, city: City = CITY) -> dict[str, list[str]]:
    with pytest.raises(Rejected) as refusal:
        _understood(registration, city)
    return refusal.value.by_field()


def test_a_whole_registration_is_understood() -> None:
    details = _understood(asked(language="es"))
    assert details.host.phone == "+16265550123"
    assert details.span.opens == datetime(2027, 8, 4, 1, 30, tzinfo=UTC)
    assert details.host.language == "es"


def test_what_was_understood_can_be_asked_for_again() -> None:
    details = _understood(asked())
    assert _understood(as_asked(details)) == details


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "  "}, "name", "Please give the party a name."),
        ({"address": ""}, "address", "Please give an address."),
        ({"host_name": ""}, "host_name", "Please give your name."),
        ({"phone": "", "email": ""}, "phone", "Please give a phone number or an e-mail"),
        ({"phone": "555"}, "phone", "Please give a full phone number"),
        ({"email": "ana@"}, "email", "Please give a full e-mail address"),
        ({"phone": "", "sms_consent": True}, "sms_consent", "Please give a phone number"),
        ({"ends_at": "18:30"}, "ends_at", "The end must be later than the start."),
        ({"starts_at": "17:00"}, "starts_at", "Parties in Pasadena run from 6:00 PM to 10:00 PM"),
        ({"starts_at": "soon"}, "starts_at", "Please give a time like 18:00."),
        ({"lat": 52.5, "lon": 13.4}, "lat", "That is 9,296 km from Pasadena."),
        ({"lat": None}, "lat", "Please give latitude and longitude, or neither."),
        ({"lat": 91.0}, "lat", "Latitude goes from -90 to 90"),
        ({"wanted": ("ghost",)}, "wanted", "kinds of visitors: police, fire_engine."),
        ({"no_visit": True}, "no_visit", "Please choose either visitors or no visit"),
        ({"area": "moon"}, "area", "Please choose one of the areas of Pasadena."),
        ({"language": "xx"}, "language", "Please choose one of these languages: en, es."),
        ({"people": -1}, "people", "Please give a number from 0 to 100,000."),
        ({"children": 100_001}, "children", "Please give a number from 0 to 100,000."),
    ],
)
def test_a_broken_rule_is_one_sentence_under_its_field(
    changes: dict[str, object], field: str, sentence: str
) -> None:
    found = _complaints(asked(**changes))
    assert list(found) == [field]
    assert sentence in found[field][0]


@pytest.mark.parametrize("field", sorted(LENGTHS))
@pytest.mark.parametrize("text", ["a\x00b", "x" * 5_000, "\ud800"], ids=["nul", "long", "half"])
def test_no_text_field_takes_what_cannot_be_stored(field: str, text: str) -> None:
    assert field in _complaints(asked(**{field: text}))


def test_every_complaint_comes_at_once() -> None:
    found = _complaints(asked(name="", address="", starts_at="", wanted=("ghost",)))
    assert set(found) == {"name", "address", "starts_at", "wanted"}


def test_a_party_without_coordinates_is_to_be_confirmed() -> None:
    assert _understood(asked(lat=None, lon=None)).place is None


def test_a_skipped_time_is_refused_and_a_doubled_one_is_the_first() -> None:
    spring = a_city(date="2027-03-14", kick_off="00:00:00", starts="01:00:00", ends="05:00:00")
    found = _complaints(asked(starts_at="02:30", ends_at="04:00"), spring)
    assert found == {
        "starts_at": ["The clocks skip this time on that date; please choose another."]
    }
    autumn = a_city(date="2027-11-07", kick_off="00:00:00", starts="01:00:00", ends="05:00:00")
    details = _understood(asked(starts_at="01:30", ends_at="04:00"), autumn)
    assert details.span.opens == datetime(2027, 11, 7, 8, 30, tzinfo=UTC)
    second = _understood(asked(starts_at="2027-11-07T01:30-08:00", ends_at="04:00"), autumn)
    assert second.span.opens == datetime(2027, 11, 7, 9, 30, tzinfo=UTC)
