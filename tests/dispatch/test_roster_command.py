"""`roster import` and `roster export` as somebody at the command line uses them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.dispatch.commands.roster import roster
from shared.inbox import Inbox
from tests.dispatch.builders import city_fact, make_team
from tests.dispatch.hearing import hear
from tests.dispatch.rostered import workbook

ROWS = [["Officer", "Speaks", "Team"], ["Ann Lee", "Spanish", "Team t1"], ["Bo", "Klingonish", ""]]


@pytest.fixture
def file(
    url: str, redis_url: str, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A spreadsheet for Pasadena, which has one team."""
    hear(inbox, city_fact(teams=[make_team()]))
    settings = {"DISPATCH_DATABASE_URL": url, "REDIS_URL": redis_url, "SECRET_KEY": "x" * 32}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    place = tmp_path / "detail.xlsx"
    place.write_bytes(workbook(ROWS, Cars=[["Unit", "Seats"], ["Unit 12", 4]]))
    return place


def run(*words: object) -> Result:
    return CliRunner().invoke(roster, [*map(str, words), "--city", "pasadena"])


def test_a_file_is_looked_at_imported_and_written_again(file: Path) -> None:
    looked = run("import", file, "--look")
    assert looked.stdout == "people: 2 rows: 1 new, 1 with errors. Nothing was changed.\n"
    assert "row 3, Bo: Languages cannot hold “Klingonish”" in looked.stderr
    assert "Ann" not in run("export").stdout
    assert run("import", file).exit_code == 1
    assert run("import", file, "--sheet", "Cars").stdout == "vehicles: 1 row: 1 new.\n"
    assert "1 the same" in run("import", file).stdout
    assert "Ann Lee,officer,,,es,Team t1" in run("export").stdout
    assert "A. Officer; Ann Lee" in run("export", "--what", "teams").stdout
    whole = file.with_name("all.xlsx")
    assert run("export", "--xlsx", whole).exit_code == 0
    assert whole.read_bytes()[:2] == b"PK"


def test_what_cannot_be_read_is_one_sentence(file: Path) -> None:
    assert (
        "There is no sheet 'Dogs'; the sheets are: Sheet, Cars."
        in run("import", file, "--sheet", "Dogs").stderr
    )
    file.write_text("Colour,Shape\nred,round\n")
    assert "No column holds a name; the columns are: Colour, Shape." in run("import", file).stderr
