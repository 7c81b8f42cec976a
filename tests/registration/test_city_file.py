"""A city's file is read whole, or refused with one sentence that names the key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.registration.domain.city_file import read_city
from services.registration.domain.toml_table import CityFileWrong
from tests.conftest import ROOT
from tests.registration.builders import a_city, city_text

SAMPLE = ROOT / "local" / "sample" / "pasadena.toml"


def test_the_sample_city_is_as_the_manual_says() -> None:
    city = read_city(SAMPLE.read_text(encoding="utf-8"))
    assert (city.slug, len(city.teams), city.kick_off.name) == (
        "pasadena",
        12,
        "Eaton Blanche Park",
    )
    assert city.evening.opens == datetime(2027, 8, 4, 1, tzinfo=UTC)
    assert city.evening.minutes == 240
    assert any("es" in team.languages for team in city.teams)


def test_a_team_starts_at_the_kick_off_when_that_ends_and_works_all_evening() -> None:
    city = a_city()
    team = city.teams[0]
    assert team.start == city.kick_off.place
    assert team.shift.opens == city.kick_off.span.closes
    assert team.shift.closes == city.evening.closes
    assert (team.languages, team.members) == (("en",), ())


def test_an_evening_may_end_after_midnight() -> None:
    city = a_city(ends="2027-08-04T00:30:00")
    assert city.evening.closes - city.evening.opens == timedelta(hours=6.5)


def _changed(old: str, new: str) -> str:
    text = city_text()
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("America/Los_Angeles", "America/Nowhere", "key zone must be a time zone"),
        ("America/Los_Angeles", "../../etc/passwd", "key zone must be a time zone"),
        ("2027-08-03", '"2027-02-30"', "key date must be a date"),
        ("2027-08-03", "7", "key date has a value of the wrong type"),
        ("22:00:00", "17:59:00", "key evening.ends must be later than evening.starts"),
        ("22:00:00", '"ten"', "key evening.ends must be a time like 18:00"),
        ('name = "Pasadena"', 'name = ""', "key name is empty"),
        ('name = "Pasadena"', 'name = "a\\u0000b"', "key name must be plain text"),
        ('name = "Pasadena"', "", "key name is missing"),
        ('signature = "Police Department"', "signature = 7", "key signature has a value of"),
        ('slug = "pasadena"', 'slug = "Pasa dena"', "key slug must be small letters"),
        ('slug = "pasadena"', 'slug = "static"', "key slug must be small letters"),
        ('programme = "Night Out"', 'programe = "Night Out"', "key programe is not known"),
        ('code = "fire_engine"', 'code = "police"', "key visitor_kinds has 'police' twice"),
        ("minutes = 20", "minutes = 0", "key visitor_kinds[2].minutes must be between 1 and 240"),
        ("minutes = 20", "minutes = true", "key visitor_kinds[2].minutes has a value of"),
        ('kinds = ["police"]', 'kinds = ["ghost"]', "key teams[1].kinds names 'ghost'"),
        ('kinds = ["police"]', 'kinds = "police"', "key teams[1].kinds has a value of"),
        ("lat = 34.14", "lat = 134.14", "key kick_off.place.lat must be between -90 and 90"),
        ("[evening]", "[evening", "not valid TOML"),
        ('id = "team-1"', 'id = "team-1"\nuntil = 17:30:00', "key teams[1].until must be later"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_that_names_the_key(
    old: str, new: str, sentence: str
) -> None:
    with pytest.raises(CityFileWrong) as refusal:
        read_city(_changed(old, new))
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(CityFileWrong, match=r"key evening.starts cannot be used: 02:30 does not"):
        a_city(date="2027-03-14", starts="02:30:00", kick_off="01:00:00")


def test_a_time_that_exists_twice_is_the_first_one_with_a_note() -> None:
    city = a_city(date="2027-11-07", starts="01:30:00", kick_off="00:30:00")
    assert city.evening.opens == datetime(2027, 11, 7, 8, 30, tzinfo=UTC)
    assert city.notes
    assert "exists twice" in city.notes[0]


def test_the_sample_lies_where_the_embedded_mode_looks_for_it() -> None:
    assert SAMPLE.is_file()
    assert Path(SAMPLE).with_suffix(".csv").is_file()
