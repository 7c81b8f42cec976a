"""Parties taken out: as CSV, XLSX, GeoJSON, iCalendar, and as open data without personal data."""

import csv
import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from openpyxl import load_workbook

from services.registration.domain.exported import COLUMNS, OPEN_COLUMNS, public_block
from tests.entering import sign_in
from tests.registration.builders import body, city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.lists import Lists

EXPORT = "/staff/pasadena/export/parties."
REAL = "philadelphia_block_parties_2008-07-04.csv"


@pytest.fixture
def planner(service: Service) -> FlaskClient:
    client = service.client
    sign_in(client, "registration", SECRET, "planner@pasadena")
    for changes in (
        {"name": "=1+1", "address": "412 N Maple St, Pasadena", "public": True, "area": "north"},
        {"name": "Oak", "address": "Oak Ave & 1st St", "lat": None, "lon": None},
    ):
        made = service.client.post("/api/v1/cities/pasadena/parties", json=body(**changes))
        assert made.status_code == 201, made.text
    return client


def test_a_spreadsheet_has_every_column_and_no_formula(planner: FlaskClient) -> None:
    text = planner.get(f"{EXPORT}csv").data.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert tuple(first) == COLUMNS
    assert (first["name"], first["phone"], first["revision"]) == ("'=1+1", "+16265550123", "1")
    assert (second["lat"], second["starts_at"]) == ("", "2027-08-03T18:30-07:00")
    book = load_workbook(io.BytesIO(planner.get(f"{EXPORT}xlsx").data))
    cell: Any = book.worksheets[0]["E2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_filter_of_the_list_holds_for_its_export(planner: FlaskClient) -> None:
    rows = planner.get(f"{EXPORT}csv?area=north").text.splitlines()
    assert len(rows) == 2
    page = planner.get("/staff/pasadena/export?area=north").text
    assert "1 party, with their hosts" in page
    assert "parties.csv?area=north" in page


def test_geojson_is_as_the_standard_says(planner: FlaskClient) -> None:
    answer = planner.get(f"{EXPORT}geojson")
    assert answer.mimetype == "application/geo+json"
    found = orjson.loads(answer.data)
    assert found["type"] == "FeatureCollection"
    places = [feature["geometry"] for feature in found["features"]]
    assert places == [{"type": "Point", "coordinates": [-118.1, 34.15]}, None]
    assert found["features"][0]["properties"]["name"] == "=1+1"


def test_a_calendar_has_an_event_each_in_the_citys_zone(planner: FlaskClient) -> None:
    calendar = Calendar.from_ical(planner.get(f"{EXPORT}ics").data)
    assert [str(zone["tzid"]) for zone in calendar.walk("vtimezone")] == ["America/Los_Angeles"]
    first, second = calendar.walk("vevent")
    assert str(first["location"]) == "412 N Maple St, Pasadena"
    assert first["dtstart"].dt.isoformat() == "2027-08-03T18:30:00-07:00"
    assert first["dtstart"].params["tzid"] == "America/Los_Angeles"
    assert "geo" in first
    assert "geo" not in second


def test_every_export_is_noted_as_a_reveal(service: Service, planner: FlaskClient) -> None:
    planner.get(f"{EXPORT}csv?area=north")
    planner.get(f"{EXPORT}ics")
    noted = service.ask("select actor, what, object from audit order by id")
    assert noted == [
        ("Kim", "contacts exported", "1 as csv (area: north)"),
        ("Kim", "contacts exported", "2 as ics"),
    ]


def test_an_export_is_for_the_citys_own_planners(service: Service, planner: FlaskClient) -> None:
    stranger = service.client
    sign_in(stranger, "registration", SECRET, "planner@dallas", "dispatcher@pasadena")
    for path in (f"{EXPORT}csv", "/staff/pasadena/export", "/staff/pasadena/import"):
        assert stranger.get(path).status_code == 403
    assert planner.get("/staff/dallas/export").status_code == 403


def test_open_data_are_there_only_where_the_city_says_so(
    service: Service, planner: FlaskClient
) -> None:
    assert service.client.get("/pasadena/open-data.csv").status_code == 404
    service.add_city(city_text() + "\n[public]\nopen_data = true\n")
    service.app.extensions["desk"].cities.forget()
    answer = service.client.get("/pasadena/open-data.csv")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert tuple(row) == tuple(OPEN_COLUMNS)
    assert row["block"] == "400 block of N Maple St"
    found = orjson.loads(service.client.get("/pasadena/open-data.geojson").data)
    assert found["features"][0]["geometry"]["coordinates"] == [-118.1, 34.15]


def test_open_data_tell_nothing_of_a_host_or_a_house(
    service: Service, planner: FlaskClient
) -> None:
    secret = {
        "name": "Smiths at 417",
        "address": "417 Elm St Apt 3, ring twice for Zoe",
        "location_notes": "red door",
        "host_name": "Zoe Smith",
        "email": "zoe@example.org",
        "lat": 34.150123,
        "lon": -118.100987,
        "public": True,
    }
    service.client.post("/api/v1/cities/pasadena/parties", json=body(**secret))
    for form in ("csv", "geojson"):
        text = planner.get(f"/staff/pasadena/export/open-data.{form}").text
        for word in ("417", "Smith", "Zoe", "red door", "555", "@", "150123", "100987", "Apt"):
            assert word not in text
        assert "400 block of Elm St" in text


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("412 N Maple St", "400 block of N Maple St"),
        ("5 Elm Street #2", "0 block of Elm St"),
        ("Oak Ave & 1st St", "1 St & Oak Ave"),
        ("behind the Smiths' house", ""),
    ],
)
def test_an_address_is_shown_as_its_block(address: str, block: str) -> None:
    assert public_block(address) == block


def test_844_real_permits_are_each_accounted_for(service: Service, reference: Path) -> None:
    """A day's permits: all new, 843 clipped to the evening, 1 outside it, none with a contact."""
    text = city_text(
        name="Philadelphia",
        zone="America/New_York",
        date="2008-07-04",
        kick_off="16:00:00",
        starts="17:00:00",
        ends="20:30:00",
    )
    service.add_city(text.replace("34.14", "39.9526").replace("-118.08", "-75.1652"))
    lists = Lists(service)
    data = (reference / "data" / REAL).read_bytes()
    looked = lists.look(data)
    assert looked.mapping == (
        *("reference", "address", "lat", "lon", "", "starts_at", "ends_at", ""),
    )
    assert (looked.total, looked.counts) == (
        844,
        {"new": 844, "clipped": 843, "missed": 1, "no_contact": 844},
    )
    lists.desk.start("pasadena", looked.id)
    assert lists.run(looked.id).results == {"new": 844, "refused": 0}
    assert lists.look(data).counts["unchanged"] == 844
    bad = data.replace(b"2008-07-04T08:00:00-04:00", b"2008-07-05T08:00:00-04:00", 3)
    bad = bad.replace(b"39.998953", b"north", 1).replace(b'"1200 N 30TH ST, Phila', b'"Phila', 1)
    again = lists.look(bad)
    assert sum(again.counts.get(n, 0) for n in ("new", "changed", "unchanged", "refused")) == 844
    assert (again.counts["refused"], again.counts["changed"]) == (3, 1)
