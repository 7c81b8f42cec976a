"""The command line: cities, import and export, as whoever runs the server uses them."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from services.registration.commands.cities import city
from services.registration.commands.sheets import export_parties, import_parties
from tests.conftest import ROOT
from tests.registration.builders import answered, body, city_text
from tests.registration.conftest import Service

COMMANDS = click.Group(commands=[city, import_parties, export_parties])
SAMPLE = ROOT / "local" / "sample"


def _run(service: Service, *arguments: str, status: int = 0) -> Result:
    """Run the command in this process."""
    done = CliRunner().invoke(COMMANDS, arguments, env=service.environ)
    assert done.exit_code == status, done.output
    return done


def test_the_module_itself_runs_commands(service: Service) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.registration", "city", "list"],
        cwd=ROOT,
        env={**os.environ, **service.environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "pasadena  Pasadena  2027-08-03  1 teams" in done.stdout


def _sheet(folder: Path, *rows: str) -> str:
    file = folder / "parties.csv"
    file.write_text("\n".join(("reference,address,name,people", *rows)) + "\n")
    return str(file)


def test_a_city_is_added_listed_left_alone_and_updated(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text(city_text(slug="elsewhere", name="Elsewhere"))
    assert _run(service, "city", "add", str(file)).stdout == "elsewhere: added\n"
    file.write_text("# a remark\n" + city_text(slug="elsewhere", name="Elsewhere"))
    assert _run(service, "city", "add", str(file)).stdout == "elsewhere: unchanged\n"
    file.write_text(city_text(slug="elsewhere", name="Elsewhere", ends="21:00:00"))
    assert _run(service, "city", "add", str(file)).stdout == "elsewhere: updated\n"
    assert "elsewhere  Elsewhere" in _run(service, "city", "list").stdout
    assert service.said() == ["city.configured.v1"] * 3


def test_a_wrong_city_file_is_one_sentence(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text(city_text(zone="Mars/Olympus"))
    said = _run(service, "city", "add", str(file), status=1).stderr
    assert "The key zone must be a time zone like America/Los_Angeles" in said
    assert "Traceback" not in said


def test_the_sample_is_imported_once_and_then_unchanged(service: Service) -> None:
    _run(service, "city", "add", str(SAMPLE / "pasadena.toml"))
    arguments = ("import", str(SAMPLE / "pasadena.csv"), "--city", "pasadena")
    first = _run(service, *arguments).stdout
    assert "22 read, 22 new, 0 changed, 0 unchanged, 0 refused" in first
    again = _run(service, *arguments).stdout
    assert "22 read, 0 new, 0 changed, 22 unchanged, 0 refused" in again
    assert service.said().count("party.registered.v1") == 22


def test_bad_rows_are_named_and_good_ones_imported(service: Service, tmp_path: Path) -> None:
    rows = ("1,1 Elm,A,4", "2,,B,4", "3,3 Elm,C,lots", "4,4 Elm,D,", "1,1 Elm,A,4")
    done = _run(service, "import", _sheet(tmp_path, *rows), "--city", "pasadena", status=1)
    assert "line 3: address: Please give an address." in done.stderr
    assert "line 4: people: Please give a number" in done.stderr
    assert "line 6: reference: The row repeats line 2." in done.stderr
    assert "5 read, 2 new, 0 changed, 0 unchanged, 3 refused" in done.stdout
    assert service.count("parties") == 2


def test_a_strict_import_takes_all_or_nothing(service: Service, tmp_path: Path) -> None:
    file = _sheet(tmp_path, "1,1 Elm,A,4", "2,,B,4")
    done = _run(service, "import", file, "--city", "pasadena", "--strict", status=1)
    assert "Nothing was imported" in done.stderr
    assert service.count("parties") == 0


def test_a_changed_row_amends_unless_its_host_changed_the_party(
    service: Service, tmp_path: Path
) -> None:
    _run(service, "import", _sheet(tmp_path, "1,1 Elm,A,4", "2,2 Elm,B,4"), "--city", "pasadena")
    planner = service.bearer("planner", "pasadena")
    listed = answered(service.client.get("/api/v1/cities/pasadena/parties", headers=planner))
    own = next(party["api_url"] for party in listed["parties"] if party["name"] == "B")
    assert service.client.patch(own, json=body(name="By its host")).status_code == 200
    file = _sheet(tmp_path, "1,1 Elm,A2,4", "2,2 Elm,B2,4")
    done = _run(service, "import", file, "--city", "pasadena")
    assert "2 read, 0 new, 1 changed, 0 unchanged, 0 refused" in done.stdout
    assert "line 3: kept as its host has changed it since" in done.stderr
    names = service.ask("select document->'details'->>'name' from parties order by 1")
    assert names == [("A2",), ("By its host",)]


@pytest.mark.parametrize("slug", ["nowhere", "'; drop table parties"])
def test_an_import_into_a_city_that_is_not_there_is_one_sentence(
    service: Service, tmp_path: Path, slug: str
) -> None:
    said = _run(service, "import", _sheet(tmp_path, "1,1 Elm,A,4"), "--city", slug, status=1)
    assert "There is no city" in said.stderr


def test_an_export_can_be_read_again_and_holds_no_formula(service: Service) -> None:
    service.client.post("/api/v1/cities/pasadena/parties", json=body(name='=HYPERLINK("x")'))
    written = _run(service, "export", "--city", "pasadena").stdout
    (row,) = csv.DictReader(io.StringIO(written))
    assert row["name"] == '\'=HYPERLINK("x")'
    assert (row["phone"], row["starts_at"]) == ("+16265550123", "2027-08-03T18:30-07:00")


def test_844_real_parties_are_imported_once_and_then_unchanged(
    service: Service, reference: Path, tmp_path: Path
) -> None:
    file = tmp_path / "city.toml"
    text = city_text(
        slug="philadelphia",
        name="Philadelphia",
        zone="America/New_York",
        date="2008-07-04",
        kick_off="16:00:00",
        starts="17:00:00",
        ends="20:30:00",
    )
    file.write_text(text.replace("34.14", "39.9526").replace("-118.08", "-75.1652"))
    _run(service, "city", "add", str(file))
    real = reference / "data" / "philadelphia_block_parties_2008-07-04.csv"
    first = _run(service, "import", str(real), "--city", "philadelphia")
    assert "844 read, 844 new, 0 changed, 0 unchanged, 0 refused" in first.stdout
    assert "843 had longer hours" in first.stdout
    assert "844 of 844 rows imported" in first.stderr
    again = _run(service, "import", str(real), "--city", "philadelphia").stdout
    assert "844 read, 0 new, 0 changed, 844 unchanged, 0 refused" in again
    assert service.said().count("party.registered.v1") == 844
