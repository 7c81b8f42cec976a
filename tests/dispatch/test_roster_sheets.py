"""Spreadsheets of rosters: what is guessed, merged, kept and refused, and what means harm."""

import io
import itertools
import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import time

import pytest
from openpyxl import load_workbook

from services.dispatch.adapters.contacts import Contacts
from services.dispatch.adapters.spreadsheets import (
    MOST_BYTES,
    Sheet,
    SheetWrong,
    read_sheets,
    write_csv,
    write_xlsx,
)
from services.dispatch.domain.roster.merging import Merged, merge
from services.dispatch.domain.roster.sheet import Reading, guess
from services.dispatch.domain.roster.values import Person, Roster, Vehicle, applied
from services.dispatch.importing import all_exported, exported, faulty_rows
from tests.dispatch.builders import make_city
from tests.dispatch.rostered import make_crew, make_roster, workbook

SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<dimension ref="A1"/><sheetData>%s</sheetData></worksheet>'
)
HEADER = ("Officer name", "Badge #", "Speaks", "Assigned team")


def imported(roster: Roster, grid: Sequence[Sequence[str]], **over: object) -> Merged:
    numbers = itertools.count(roster.version * 1000)
    reading = guess(grid, {}, **over)  # type: ignore[arg-type]  # the test's own
    return merge(roster, make_city(), reading, grid, lambda: f"n{next(numbers)}", Contacts())


def after(roster: Roster, merged: Merged) -> Roster:
    return applied(roster, list(merged.deltas))


def outcomes(merged: Merged) -> list[str]:
    return [line.outcome for line in merged.lines]


def with_sheet(xml: bytes) -> bytes:
    """An XLSX file whose sheet is this XML."""
    out = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(workbook([["name"]])))
    with good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in good.namelist():
            made.writestr(part, xml if part.endswith("sheet1.xml") else good.read(part))
    return out.getvalue()


# --- reading files ---


def test_a_header_below_a_title_and_merged_cells_are_understood() -> None:
    rows = [
        ["NNO detail", None, None],
        [],
        ["Team", "Officer", "Badge"],
        ["Patrol 1", "Ann Lee", 12.0],
        [None, "Ben Ray", 13],
    ]
    (sheet,) = read_sheets(workbook(rows, merged=["A1:C1", "A4:A5"]))
    reading = guess(sheet.rows, {})
    assert (reading.what, reading.header) == ("people", 2)
    assert reading.columns == ("team", "name", "call_sign")
    found = after(make_roster(), imported(make_roster(), sheet.rows))
    (team,) = found.teams.values()
    assert [found.people[id_].name for id_ in team.members] == ["Ann Lee", "Ben Ray"]


def test_times_of_spreadsheets_are_times() -> None:
    rows = [["Team", "From", "Until"], ["P1", time(17, 30), "9 p.m."], ["P2", "5:30 p.m.", 0.875]]
    (sheet,) = read_sheets(workbook(rows))
    found = after(make_roster(), imported(make_roster(), sheet.rows)).teams.values()
    assert [(crew.opens, crew.closes) for crew in found] == [(1050, 1260), (1050, 1260)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_comes_in_any_usual_encoding(encoding: str, delimiter: str) -> None:
    text = f"Name{delimiter}Languages\nPeña{delimiter}Spanish\n"
    (sheet,) = read_sheets(text.encode(encoding))
    assert sheet.rows == (("Name", "Languages"), ("Peña", "Spanish"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing in the file"),
        (b"\n\n,,\n", "nothing in the file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"PK\x03\x04 but no more", "no XLSX"),
        (b"\x89PNG\x00\x00", "neither CSV nor XLSX"),
        (b"a" * (MOST_BYTES + 1), "larger than 4 MB"),
        (b'name\n"' + b"x" * 200_000, "no CSV"),
        (b"name\n" + b"x\n" * 2001, "more than 2,000 rows"),
    ],
)
def test_what_is_no_roster_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(SheetWrong, match=words):
        read_sheets(data)


def test_seventy_thousand_rows_are_refused_without_being_kept() -> None:
    rows = b'<row><c t="inlineStr"><is><t>Officer</t></is></c></row>' * 70_000
    data = with_sheet(SHEET % rows)
    tracemalloc.start()
    with pytest.raises(SheetWrong, match="more than 2,000 rows"):
        read_sheets(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 24 * 1024**2


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 41 * 1024**2)
    with pytest.raises(SheetWrong, match="far more than a roster needs"):
        read_sheets(out.getvalue())


def test_xml_that_defines_entities_is_refused() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = entities + SHEET % b'<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
    with pytest.raises(SheetWrong):
        read_sheets(with_sheet(bomb))


def test_formulas_are_neither_worked_out_nor_written() -> None:
    (sheet,) = read_sheets(workbook([["Name", "Badge"], ["Ann", "=1+1"], ["=HYPERLINK(1)", ""]]))
    assert sheet.rows == (("Name", "Badge"), ("Ann",))
    roster = make_roster(Person("x", "=cmd|' /C calc'!A0"), Person("y", "@y", call_sign="-1+2"))
    lines = write_csv(exported(roster, "people").rows).splitlines()
    assert lines[1].startswith("'=cmd")
    assert lines[2].startswith("'@y,officer,'-1+2")
    book = load_workbook(io.BytesIO(write_xlsx(all_exported(roster))))
    assert book["People"]["A2"].data_type == "s"


# --- what becomes of the rows ---


ROWS = (
    HEADER,
    ("Lee, Ann", "12", "Spanish", "Patrol a"),
    ("Ben Ray", "13", "", "Patrol new"),
)
KNOWN = make_roster(Person("ann", "Ann Lee"), make_crew("a"))


def test_people_are_found_added_and_put_into_teams() -> None:
    merged = imported(KNOWN, ROWS)
    assert outcomes(merged) == ["changed", "added"]
    assert merged.sentence == "2 rows: 1 new, 1 changed."
    found = after(KNOWN, merged)
    assert found.people["ann"].name == "Ann Lee"
    assert (found.people["ann"].call_sign, found.people["ann"].languages) == ("12", ("es",))
    assert found.teams["a"].members == ("ann",)
    assert {crew.name for crew in found.teams.values()} == {"Patrol a", "Patrol new"}


def test_a_second_import_changes_nothing() -> None:
    once = after(KNOWN, imported(KNOWN, ROWS))
    again = imported(once, ROWS)
    assert (outcomes(again), again.deltas) == (["same", "same"], ())


def test_its_own_export_changes_nothing_however_often() -> None:
    roster = after(KNOWN, imported(KNOWN, ROWS))
    for what in ("people", "teams", "vehicles"):
        sheet = exported(roster, what)  # type: ignore[arg-type]  # a literal
        (read,) = read_sheets(write_csv(sheet.rows).encode())
        once = imported(roster, read.rows, what=what)
        assert set(outcomes(once)) <= {"same"}
        roster = after(roster, once)
        assert imported(roster, read.rows, what=what).deltas == ()


def test_an_edit_made_since_the_last_import_is_listed_and_stays() -> None:
    once = after(KNOWN, imported(KNOWN, ROWS))
    ann = once.people["ann"]
    edited = make_roster(
        *once.teams.values(),
        *(p for p in once.people.values() if p.id != "ann"),
        Person("ann", ann.name, languages=("fr",), call_sign="12", imported=ann.imported),
    )
    newer = (HEADER, ("Lee, Ann", "14", "Spanish", "Patrol a"), ROWS[2])
    merged = imported(edited, newer)
    assert outcomes(merged) == ["kept", "same"]
    assert merged.lines[0].words[-1] == "Languages stays “fr”; the sheet says “es”."
    found = after(edited, merged).people["ann"]
    assert (found.call_sign, found.languages) == ("14", ("fr",))


def test_what_was_typed_here_is_not_overwritten_by_a_first_import() -> None:
    roster = make_roster(Person("ann", "Ann Lee", call_sign="99", languages=("vi",)))
    merged = imported(roster, (("Name", "Languages", "Group"), ("Ann Lee", "Spanish", "Officer")))
    assert outcomes(merged) == ["kept"]
    assert after(roster, merged).people["ann"].languages == ("vi",)


def test_bad_rows_are_refused_with_their_reasons_and_the_others_go_on() -> None:
    rows = (
        HEADER,
        ("Ann Lee", "1", "Klingonish", ""),
        ("Ben Ray", "2", "", ""),
        ("Ben Ray", "2", "", ""),
        ("", "3", "", ""),
    )
    merged = imported(make_roster(), rows)
    assert outcomes(merged) == ["refused", "added", "refused", "refused"]
    assert [line.row for line in merged.lines] == [2, 3, 4, 5]
    faulty = faulty_rows(merged, guess(rows, {}), rows)
    assert [row[:2] for row in faulty[1:]] == [["2", "refused"], ["4", "refused"], ["5", "refused"]]
    assert faulty[1][3:] == ["Ann Lee", "1", "Klingonish", ""]


def test_two_of_one_name_need_a_call_sign() -> None:
    roster = make_roster(Person("1", "Ann", call_sign="A1"), Person("2", "Ann", call_sign="A2"))
    rows = (("Name", "Badge", "Languages"), ("Ann", "", "Spanish"), ("Ann", "a-2", "Spanish"))
    merged = imported(roster, rows)
    assert outcomes(merged) == ["refused", "changed"]
    assert after(roster, merged).people["2"].languages == ("es",)


def test_teams_bring_their_members_and_vehicle() -> None:
    rows = (
        ("Team", "Members", "Vehicle", "Shift start", "Shift end", "Meal break"),
        ("Alpha", "Ann Lee; Ben Ray", "Unit 12", "6 pm", "10 pm", "8-8:15 pm"),
    )
    roster = make_roster(Person("ann", "Ann Lee"), Vehicle("v", "unit 12"))
    found = after(roster, imported(roster, rows))
    (crew,) = found.teams.values()
    assert [found.people[id_].name for id_ in crew.members] == ["Ann Lee", "Ben Ray"]
    assert (crew.vehicle, crew.opens, crew.breaks) == ("v", 1080, ((1200, 1215, 15),))


def test_a_column_chosen_before_is_guessed_so_again() -> None:
    remembered = {("people", "comments"): "languages", ("people", "speaks"): ""}
    reading = guess((("Name", "Speaks", "Comments"),), remembered)  # type: ignore[arg-type]  # literals
    assert reading == Reading("people", 0, ("name", "", "languages"))


def test_a_sheet_without_names_is_not_enough() -> None:
    assert not guess((("Colour", "Shape"), ("red", "round")), {}).is_enough
    assert isinstance(read_sheets(b"Colour,Shape\nred,round\n")[0], Sheet)


def test_a_sheet_says_how_people_are_reached_and_what_is_no_number_is_refused() -> None:
    header = ["Officer", "Cell phone", "E-mail", "Languages", "Preferred language"]
    good = ["Ann Lee", 6265550137, "ann@example.org", "Spanish", "Spanish"]
    grid = read_sheets(workbook([header, good, ["Bo", "555-01", "x@", "", ""]]), "r.xlsx")[0].rows
    reading = guess(grid, {})
    assert reading.columns == ("name", "phone", "email", "languages", "message_language")
    merged = imported(make_roster(), grid)
    found = next(delta.after for delta in merged.deltas)
    assert isinstance(found, Person)
    assert (found.phone, found.email, found.message_language) == (
        *("+16265550137", "ann@example.org", "es"),
    )
    assert merged.lines[1].outcome == "refused"
    assert merged.lines[1].words[0].startswith("Phone must be a telephone number")
