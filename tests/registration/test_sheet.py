"""Spreadsheets are read whatever their headings, and written so that no cell is a formula."""

import pytest

from services.registration.adapters.spreadsheets import read_sheet
from services.registration.domain.complaints import Rejected
from services.registration.domain.sheet import Row, SheetWrong, write_sheet
from services.registration.domain.sheet_party import party_in
from tests.registration.builders import a_city

CITY = a_city()


def _row(**values: str) -> Row:
    return Row(2, {"address": "1 Elm St", **values})


def test_columns_are_found_by_any_usual_name() -> None:
    header = b"Permit Number,Street Address,Latitude,LNG,Start Time,End,E-Mail\n"
    text = header + b"P1,1 Elm,34.1,-118,18:00,19:00,a@b.org\n"
    assert read_sheet(text)[0].values == {
        "reference": "P1",
        "address": "1 Elm",
        "lat": "34.1",
        "lon": "-118",
        "starts_at": "18:00",
        "ends_at": "19:00",
        "email": "a@b.org",
    }


def test_a_plain_heading_wins_over_a_synonym() -> None:
    rows = read_sheet(b"location,address\nthe park,1 Elm\n")
    assert rows[0].values == {"address": "1 Elm"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(delimiter: str) -> None:
    text = delimiter.join(("name", "address")) + "\n" + delimiter.join(("A", "1 Elm")) + "\n"
    assert read_sheet(text.encode())[0].values == {"name": "A", "address": "1 Elm"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    assert read_sheet("address\nPeña St\n".encode(encoding))[0].values == {"address": "Peña St"}


def test_line_numbers_are_those_that_an_editor_shows() -> None:
    rows = read_sheet(b'address,notes\n"1 Elm\nbehind",x\n\n2 Oak,y\n')
    assert [row.line for row in rows] == [3, 5]


@pytest.mark.parametrize("text", [b"name,town\nA,B\n", b"\xff\xfe\x00"])
def test_a_file_without_addresses_is_refused_as_a_whole(text: bytes) -> None:
    with pytest.raises(SheetWrong, match="no column named address"):
        read_sheet(text)


def test_materials_are_understood_by_code_and_by_name() -> None:
    party = party_in(_row(materials="Home safety; neighborhood watch|career_talk, none"), CITY)
    assert party.asked.materials == ("home_safety", "neighborhood_watch", "career_talk")


def test_missing_fields_have_sensible_defaults() -> None:
    party = party_in(_row(), CITY)
    assert party.asked.name == "Block party, 1 Elm St"
    assert party.fit == "within"
    assert party.key.startswith("row ")
    assert party.asked.lat is None


def test_longer_hours_are_clipped_to_the_evening() -> None:
    party = party_in(_row(starts_at="08:00", ends_at="21:00"), CITY)
    assert party.fit == "clipped"
    assert party.asked.starts_at == CITY.evening.opens.isoformat()


def test_hours_that_miss_the_evening_stay_as_they_are() -> None:
    party = party_in(_row(starts_at="08:00", ends_at="14:00"), CITY)
    assert party.fit == "missed"
    assert party.asked.ends_at == "2027-08-03T21:00:00+00:00"


def test_kinds_are_understood_by_code_and_by_name() -> None:
    party = party_in(_row(wanted="Fire engine; police"), CITY)
    assert party.asked.wanted == ("fire_engine", "police")
    assert party_in(_row(wanted="none"), CITY).asked.no_visit


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"lat": "north"}, "lat"),
        ({"lon": "inf"}, "lon"),
        ({"people": "many"}, "people"),
        ({"people": "1.5"}, "people"),
        ({"no_visit": "perhaps"}, "no_visit"),
        ({"starts_at": "{noon}"}, "starts_at"),
        ({"starts_at": "2027-08-09T18:00", "ends_at": "2027-08-09T19:00"}, "starts_at"),
        ({"starts_at": "20:00", "ends_at": "19:00"}, "ends_at"),
    ],
)
def test_a_bad_cell_is_a_complaint_under_its_column(values: dict[str, str], field: str) -> None:
    with pytest.raises(Rejected) as refusal:
        party_in(_row(**values), CITY)
    assert field in refusal.value.by_field()


def test_no_cell_that_is_written_can_be_taken_for_a_formula() -> None:
    cells = ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "-118.08", "+16265550123", "plain"]
    written = "".join(write_sheet([f"c{n}" for n in range(len(cells))], [cells]))
    assert "'=1+1,'+SUM(A1),'-2+3,'@x,'\tx,-118.08,+16265550123,plain" in written


def test_our_mark_against_formulas_is_taken_off_again() -> None:
    written = "".join(write_sheet(["address"], [["=1 Elm"]]))
    assert read_sheet(written.encode())[0].values == {"address": "=1 Elm"}
