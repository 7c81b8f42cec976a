"""Whatever stands in a cell is understood or refused with a reason, whatever the file."""

import io
import string
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registration.adapters import spreadsheets
from services.registration.adapters.contacts import Contacts
from services.registration.adapters.spreadsheets import open_source, read_sheet, write_xlsx
from services.registration.domain.checks import understand
from services.registration.domain.civil_time import NotATime
from services.registration.domain.complaints import Rejected
from services.registration.domain.sheet import (
    COLUMNS,
    Line,
    Row,
    SheetWrong,
    bare,
    find_header,
    harmless,
    propose,
    write_sheet,
)
from services.registration.domain.sheet_merge import differing
from services.registration.domain.sheet_party import party_in
from services.registration.domain.sheet_places import coordinates_in
from services.registration.domain.sheet_times import read_clock, read_date, read_hours, read_local
from tests.registration.builders import a_city
from tests.registration.lists import workbook

CITY = a_city()
DAY = date(2027, 8, 3)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
CELLS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=string.digits + ":.-/apm, TZ+–()°NSEW=@'", max_size=24),
    st.sampled_from(["=1+1", "'=x", "-1", "inf", "nan", "1e999", "24:00", "12 pm", "9999999999"]),
)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("17:30", "17:30"),
        ("5:30 p.m.", "17:30"),
        ("5.30pm", "17:30"),
        ("5:30PM", "17:30"),
        ("5 P.M.", "17:00"),
        ("12 am", "00:00"),
        ("12:15 p", "12:15"),
        ("1730", "17:30"),
        ("17h30", "17:30"),
        ("noon", "12:00"),
        ("8:05", "08:05"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, clock: str) -> None:
    assert f"{read_clock(text):%H:%M}" == clock


@pytest.mark.parametrize("text", ["", "6", "25:00", "13 pm", "0 am", "soon", "5:3 pm", "17:60"])
def test_what_is_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotATime):
        read_clock(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("6-9 pm", ("6 pm", "9 pm")),
        ("6:00 – 9:30 p.m.", ("6:00 p.m.", "9:30 p.m.")),
        ("11-1 pm", ("11 am", "1 pm")),
        ("17:00 to 20:00", ("17:00", "20:00")),
        ("5:30 p.m.-8 p.m.", ("5:30 p.m.", "8 p.m.")),
    ],
)
def test_both_ends_may_stand_in_one_cell(text: str, found: tuple[str, str]) -> None:
    assert read_hours(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8/3/2027", DAY),
        ("08/03/27", DAY),
        ("2027-08-03", DAY),
        ("Tuesday, Aug 3", DAY),
        ("August 3rd, 2027", DAY),
        ("13/8/2027", date(2027, 8, 13)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, found: date) -> None:
    assert read_date(text, DAY) == found


@pytest.mark.parametrize(
    "text", ["8/3/2027 5:30 PM", "2027-08-03 17:30", "46602.7291666", "0.72916666", "5:30 pm"]
)
def test_a_date_and_time_in_one_cell_or_as_excel_counts_them(text: str) -> None:
    assert read_local(text, DAY) == "2027-08-03T17:30:00"


@pytest.mark.parametrize(
    "text",
    [
        "34.15, -118.1",
        "(34.15 -118.1)",
        "34.15° N, 118.1° W",
        "https://www.google.com/maps/place/A/@34.9,-118.9,17z/data=!3d34.15!4d-118.1",
        "https://www.google.com/maps/@34.15,-118.1,17z",
        "https://maps.google.com/?q=34.15,-118.1",
        "https://www.google.com/maps/search/?api=1&query=34.15%2C-118.1",
        "https://www.google.com/maps/search/34.15,+-118.1",
        "https://maps.apple.com/?ll=34.15,-118.1&q=Party",
        "https://maps.apple.com/place?coordinate=34.15,-118.1",
        "https://www.openstreetmap.org/?mlat=34.15&mlon=-118.1#map=19/34.9/-118.9",
        "https://www.openstreetmap.org/#map=19/34.15/-118.1",
        "geo:34.15,-118.1?z=19",
    ],
)
def test_coordinates_are_found_in_texts_and_in_links_to_maps(text: str) -> None:
    assert coordinates_in(text) == (34.15, -118.1)


@pytest.mark.parametrize("text", ["", "the park", "https://maps.app.goo.gl/x", "1,2,3", "http://["])
def test_what_holds_no_coordinates_gives_none(text: str) -> None:
    assert coordinates_in(text) is None


@QUICK
@given(st.dictionaries(st.sampled_from(sorted(COLUMNS)), CELLS, max_size=8), CELLS)
def test_any_row_is_understood_or_refused_with_a_reason(cells: dict[str, str], more: str) -> None:
    values = {name: text.strip() for name, text in cells.items() if text.strip()}
    try:
        party = party_in(Row(2, values), CITY, cells)
        details = understand(party.asked, CITY, Contacts(), imported=True)
    except Rejected as rejected:
        said = [complaint.said() for complaint in rejected.complaints]
    else:
        said = [] if differing(details, details, party.given) else ["understood"]
    assert said
    assert all(said)


@QUICK
@given(CELLS)
def test_our_mark_against_formulas_comes_off_as_it_went_on(text: str) -> None:
    plain = text.strip()
    assert bare(harmless(plain)) == plain or plain.startswith("'")
    assert bare(harmless(bare(plain))) == bare(plain)
    assert harmless(plain)[:1] not in tuple("=@\t\r")


@QUICK
@given(st.binary(max_size=400))
def test_any_file_is_read_or_refused_in_one_sentence(data: bytes) -> None:
    for file in (data, b"address,name\n" + data, b"PK\x03\x04" + data):
        said = "Read."
        try:
            source = open_source(file)
            source.header()
            said = "".join(cell for line in source.lines() for cell in line.cells) + "."
        except SheetWrong as wrong:
            said = str(wrong)
        assert said.endswith(".")
        assert "\x00" not in said


@QUICK
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    clean = [["1 Elm", *(cell.replace("\0", "") for cell in row)] for row in rows]
    text = "".join(write_sheet(["address", "name", "notes"], clean))
    found = read_sheet(text.encode("utf-8", "replace"))
    assert len(found) == len(clean)


def test_the_header_is_found_below_titles() -> None:
    lines = [
        Line(1, ("Block parties", "2027")),
        Line(3, ("Where", "")),
        Line(4, ("Address", "Host")),
    ]
    assert find_header(lines).number == 4
    assert propose(("Address", "Host")) == ("address", "host_name")
    assert propose(("Permit No.", "Address")) == ("reference", "address")


def test_hidden_sheets_are_passed_over_and_the_list_is_found() -> None:
    data = workbook([["Read me first"]], Parties=[["Address", "Name"], ["1 Elm", "A"]])
    source = open_source(data)
    assert source.name == "Parties"
    assert [row.values["address"] for row in read_sheet(data)] == ["1 Elm"]


def test_formulas_are_read_as_the_value_that_they_had() -> None:
    data = workbook([["Address", "People"], ["1 Elm", "=2+3"], ["2 Elm", 7]])
    assert [row.values.get("people") for row in read_sheet(data)] == [None, "7"]


def test_texts_that_look_like_formulas_are_written_as_text() -> None:
    data = write_xlsx("Parties", [["address", "name"], ["1 Elm", '=HYPERLINK("http://x")']])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    assert read_sheet(data)[0].values["name"] == '=HYPERLINK("http://x")'


def _packed(**parts: bytes) -> bytes:
    """A workbook with some parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["Address"], ["1 Elm"]]))) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in whole.namelist():
            made.writestr(name, parts.get(name, whole.read(name)))
        for name in parts.keys() - set(whole.namelist()):
            made.writestr(name, parts[name])
    return out.getvalue()


def test_a_file_that_unpacks_to_far_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(SheetWrong, match="unpacks to far more"):
        open_source(_packed(**{"xl/worksheets/sheet1.xml": b" " * 2_000_000}))


_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def _with_shared(strings: bytes) -> bytes:
    """A workbook as Excel writes it: its texts stand apart from its cells."""
    with zipfile.ZipFile(io.BytesIO(workbook([["Address"], ["1 Elm"]]))) as packed:
        types = packed.read("[Content_Types].xml")
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_STRINGS}"/></Types>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2))
    sheet = f'<worksheet xmlns="{_SPACE}"><sheetData>{rows}</sheetData></worksheet>'
    return _packed(
        **{
            "[Content_Types].xml": types.replace(b"</Types>", part.encode()),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            "xl/sharedStrings.xml": strings,
        }
    )


_BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    "bomb",
    [
        _BOMB.encode(),
        f"<!-- {'long ' * 50_000} -->{_BOMB}".encode(),
        f'<?xml version="1.0" encoding="utf-16"?>{_BOMB}'.encode("utf-16"),
        b'<!DOCTYPE worksheet SYSTEM "file:///etc/passwd"><worksheet/>',
    ],
    ids=["plain", "late", "utf-16", "external"],
)
def test_entities_are_never_expanded(bomb: bytes) -> None:
    for data in (_packed(**{"xl/worksheets/sheet1.xml": bomb}), _with_shared(bomb)):
        with pytest.raises(SheetWrong):
            list(open_source(data).lines())


def test_far_corners_of_a_sheet_cost_nothing() -> None:
    data = workbook([["Address"], ["1 Elm"]])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    made = _packed(**{"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)})
    assert [line.number for line in open_source(made).lines()] == [1, 2]


def test_formatted_texts_are_read_without_how_they_are_spoken() -> None:
    si = "<si><r><t>1 </t></r><r><t>Elm</t></r><rPh sb='0' eb='1'><t>elumu</t></rPh></si>"
    strings = f'<sst xmlns="{_SPACE}"><si><t>Address</t></si>{si}</sst>'
    (row,) = read_sheet(_with_shared(strings.encode()))
    assert row.values["address"] == "1 Elm"


def test_too_many_rows_and_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 10)
    with pytest.raises(SheetWrong, match="more than 10 rows"):
        read_sheet(b"address\n" + b"1 Elm\n" * 20)
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 100)
    with pytest.raises(SheetWrong, match="larger than"):
        open_source(b"address\n" + b"1 Elm\n" * 20)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    rows = [("address", "name"), ("1 Peña St", "Señora Núñez – “Fiesta”"), ("2 Elm", "Café")]
    text = "\n".join(delimiter.join(row) for row in rows)
    found = read_sheet(text.encode(encoding))
    assert [row.values["name"] for row in found] == ["Señora Núñez – “Fiesta”", "Café"]
