"""Cities, requests and parties for these tests."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from werkzeug.test import TestResponse

from services.registration.adapters.contacts import Contacts
from services.registration.domain.checks import understand
from services.registration.domain.city import City
from services.registration.domain.city_file import read_city
from services.registration.domain.party import Party, Registration
from shared.ids import new_id, short_code

NOW = datetime(2027, 7, 1, 17, 0, tzinfo=UTC)
TOML = """
slug = "{slug}"
name = "{name}"
programme = "Night Out"
zone = "{zone}"
date = {date}
languages = ["en", "es"]
signature = "Police Department"

[evening]
starts = {starts}
ends = {ends}

[kick_off]
name = "Central Park"
place = {{ lat = 34.14, lon = -118.08 }}
starts = {kick_off}
ends = {starts}

[[visitor_kinds]]
code = "police"
name = "Police officers"
minutes = 15

[[visitor_kinds]]
code = "fire_engine"
name = "Fire engine"
minutes = 20

[[areas]]
code = "north"
name = "North"

[[teams]]
id = "team-1"
name = "Team 1"
kinds = ["police"]
"""
_DEFAULTS = {
    "slug": "pasadena",
    "name": "Pasadena",
    "zone": "America/Los_Angeles",
    "date": "2027-08-03",
    "kick_off": "17:00:00",
    "starts": "18:00:00",
    "ends": "22:00:00",
}


def city_text(**changes: str) -> str:
    """A city's file."""
    return TOML.format(**(_DEFAULTS | changes))


def a_city(**changes: str) -> City:
    """A city."""
    return read_city(city_text(**changes))


def body(**changes: Any) -> dict[str, Any]:
    """A request that the API takes; None leaves a field out."""
    whole = {
        "name": "Maple Street neighbors",
        "address": "400 block of N Maple St",
        "starts_at": "18:30",
        "ends_at": "21:00",
        "host_name": "Ana Reed",
        "phone": "(626) 555-0123",
        "email": "ana@example.org",
        "lat": 34.15,
        "lon": -118.1,
        "people": 40,
        "wanted": ["police"],
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def answered(answer: TestResponse) -> dict[str, Any]:
    """The JSON object of an answer."""
    found = answer.json
    assert isinstance(found, dict), answer.text
    return found


def asked(**changes: Any) -> Registration:
    """A registration as a host asks for it."""
    fields = body()
    fields["wanted"] = tuple(fields["wanted"])
    return replace(Registration(**fields), **changes)


def a_party(city: City | None = None, **changes: Any) -> Party:
    """A party as the book keeps it."""
    city = city or a_city()
    return Party(
        id=new_id(),
        city=city.slug,
        code=short_code(),
        revision=1,
        state="registered",
        details=understand(asked(**changes), city, Contacts()),
        consent=None,
        received_at=NOW,
        changed_at=NOW,
        changed_by="host",
    )
