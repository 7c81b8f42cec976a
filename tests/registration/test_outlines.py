"""Areas, beats and districts: loaded, derived, and brought up for earlier parties."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.registration.adapters.outlines import (
    OutlineMemory,
    OutlinesRefused,
    keep_outlines,
    read_outlines,
)
from services.registration.commands.addresses import addresses
from services.registration.commands.areas import areas
from services.registration.domain.geography import Point
from services.registration.domain.party import as_asked
from services.registration.domain.places import Around
from services.registration.handlers.parties import Asker, amend_party, register_party
from services.registration.handlers.places import derive_party, place_party
from tests.registration.builders import NOW, a_city, a_party, answered, asked, body
from tests.registration.conftest import Service
from tests.registration.fakes import Listener, MemoryPartyBook, means

NORTH = [[-118.2, 34.14], [-118.0, 34.14], [-118.0, 34.3], [-118.2, 34.3], [-118.2, 34.14]]
BOW_TIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def outlines(folder: Path, ring: list[Any], **fields: str) -> Path:
    """A file with one polygon."""
    feature = {
        "type": "Feature",
        "properties": fields or {"code": "north", "name": "North"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file = folder / "outlines.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return file


def run(monkeypatch: pytest.MonkeyPatch, service: Service, *words: str) -> Result:
    """Run `areas load` as the command line would."""
    for name, value in service.environ.items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(areas, ["load", *words, "--city", "pasadena"])


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        (BOW_TIE, "not a valid polygon: Self-intersection"),
        ([[0, 0], [1, 1]], "coordinates that cannot be read"),
        ([[500000, 0], [500001, 0], [500001, 1], [500000, 0]], "not in degrees"),
    ],
)
def test_what_is_wrong_with_an_outline_is_said(tmp_path: Path, ring: list[Any], said: str) -> None:
    with pytest.raises(OutlinesRefused, match=said):
        read_outlines(outlines(tmp_path, ring), "code", "name")


def test_the_fields_that_a_file_has_are_named(tmp_path: Path) -> None:
    file = outlines(tmp_path, NORTH, beat_no="7")
    with pytest.raises(OutlinesRefused, match="no field 'code'; its fields are beat_no"):
        read_outlines(file, "code", "name")


def test_a_registration_gets_the_parts_around_its_place(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/api/v1/cities/pasadena/parties"
    client = service.client
    client.post(path, json=body(name="before"))
    file = str(outlines(tmp_path, NORTH))
    result = run(monkeypatch, service, file, "--layer", "area")
    assert "1 area; 1 of 1 parties changed" in result.output
    beats = str(outlines(tmp_path, NORTH, no="7"))
    result = run(monkeypatch, service, beats, "--layer", "beat", "--code-field", "no")
    assert result.exit_code == 0, result.output
    assert answered(client.post(path, json=body(name="after")))
    found = service.ask("select document from parties order by id")
    for (document,) in found:
        assert document["details"]["area"] == "north"
        assert document["details"]["beat"] == "7"
    # A beat concerns nobody else; an area does.
    assert service.said().count("party.amended.v1") == 1


def test_areas_have_to_be_those_of_the_city(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(outlines(tmp_path, NORTH, code="mars", name="Mars"))
    result = run(monkeypatch, service, file, "--layer", "area")
    assert result.exit_code == 1
    assert '[[areas]]\ncode = "mars"' in result.output
    assert service.count("outlines") == 0


class North:
    """Outlines with one area and one beat."""

    def around(self, city: str, place: Point) -> Around:
        return Around("north", "7") if place.lat > 34.14 else Around()


def test_a_derived_area_wins_over_a_chosen_one_and_is_not_lost_outside() -> None:
    book, listener = MemoryPartyBook(), Listener()
    with_outlines = replace(means(book, listener), outlines=North())
    city = a_city()
    party = register_party(asked(lat=34.15, lon=-118.1), city, Asker("host"), with_outlines)
    assert (party.details.area, party.details.beat) == ("north", "7")
    assert party.details.placed_by == "host"
    south = replace(as_asked(party.details), lat=34.13, area="north")
    party = amend_party(party, south, city, Asker("host"), with_outlines)
    assert (party.details.area, party.details.beat) == ("north", "")


def test_a_list_that_is_imported_again_does_not_move_a_pin() -> None:
    book = MemoryPartyBook()
    city = a_city()
    party = register_party(asked(lat=34.15, lon=-118.1), city, Asker("host"), means(book))
    again = replace(as_asked(party.details), lat=34.11, people=7)
    kept = amend_party(party, again, city, Asker("import"), means(book))
    assert kept.details.place == Point(34.15, -118.1)
    assert (kept.details.people, kept.details.placed_by) == (7, "host")
    moved = replace(again, address="12 Oak Ave")
    after = amend_party(kept, moved, city, Asker("import"), means(book))
    assert (after.details.place, after.details.placed_by) == (Point(34.11, -118.1), "import")


def test_staff_place_a_party_that_has_no_contact() -> None:
    book, listener = MemoryPartyBook(), Listener()
    city = a_city()
    bare = asked(lat=None, lon=None, host_name="", phone="", email="")
    party = register_party(bare, city, Asker("import"), means(book, listener))
    assert party.details.placed_by == ""
    place = Point(34.15, -118.1)
    placed = place_party(party, place, city, Asker("staff"), means(book, listener))
    assert (placed.details.place, placed.details.placed_by) == (place, "staff")
    assert len(listener.said) == 2


def test_bringing_up_leaves_who_changed_it_last() -> None:
    book = MemoryPartyBook()
    party = a_party()
    book.add(party)
    after = derive_party(party, a_city(), replace(means(book), outlines=North()))
    assert (after.changed_by, after.details.area) == ("host", "north")


def test_the_outlines_of_a_real_city_hold_its_real_parties(
    service: Service, reference: Path
) -> None:
    """Philadelphia: 844 permits, neighbourhoods as beats; borders and rivers lose a few."""
    file = reference / "data" / "philadelphia_neighborhoods.geojson"
    found = read_outlines(file, "name", "name")
    assert len(found) > 100
    keep_outlines(service.pool, "philadelphia", "beat", found, NOW)
    memory = OutlineMemory(service.pool)
    lines = (reference / "data" / "philadelphia_block_parties_2008-07-04.csv").read_text()
    rows = [row for row in csv.DictReader(lines.splitlines()) if row["lat"]]
    inside = sum(
        bool(memory.around("philadelphia", Point(float(r["lat"]), float(r["lon"]))).beat)
        for r in rows
    )
    assert inside > 0.98 * len(rows)


def test_addresses_are_loaded_and_refused_by_the_command(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in service.environ.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "points.csv"
    file.write_text("address,lat,lon\n12 Oak Ave,34.14,-118.08\nno number,34.1,-118.1\n")
    result = CliRunner().invoke(addresses, ["load", str(file), "--city", "pasadena"])
    assert "Pasadena: 1 addresses on 1 streets, 0 corners" in result.output
    assert "1 rows have no number" in result.output
    file.write_text("street,y\nOak Ave,1\n")
    result = CliRunner().invoke(addresses, ["load", str(file), "--city", "pasadena"])
    assert "needs the columns address (or number and street), lat and lon" in result.output


def test_an_extract_gives_streets_and_corners(
    service: Service, reference: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in service.environ.items():
        monkeypatch.setenv(name, value)
    file = str(reference / "data" / "portland_central.osm.pbf")
    result = CliRunner().invoke(addresses, ["load", file, "--city", "pasadena"])
    assert result.exit_code == 0, result.output
    assert service.count("address_crossings") > 500
    assert service.client.get("/pasadena/streets.geojson").status_code == 200
