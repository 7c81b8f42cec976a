"""What hosts may ask for has a name here, in every language, and is on the paper, too."""

import pytest

from services.dispatch.domain.materials import MATERIALS, named
from services.dispatch.domain.sheets import run_sheets
from services.dispatch.team.words import CATALOGUE
from shared.contracts import party as contract
from shared.languages import NAMES, read_catalogue
from tests.dispatch.builders import make_evening, make_party
from tests.dispatch.plans import after, plan


def test_every_material_of_the_contract_has_a_name() -> None:
    assert tuple(MATERIALS) == contract.MATERIALS


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_every_name_is_translated(code: str) -> None:
    assert set(MATERIALS.values()) <= read_catalogue(CATALOGUE, code).keys()


def test_the_run_sheet_says_what_to_hand_over() -> None:
    evening = make_evening([make_party(materials=("home_safety", "career_talk"))])
    (sheet,) = run_sheets(after(evening, plan(evening)))
    assert [stop.materials for stop in sheet.stops] == ["Home safety, Careers in public safety"]


def test_a_material_of_a_later_version_is_shown_as_it_is() -> None:
    assert named(("home_safety", "bike_helmets")) == ("Home safety", "bike_helmets")
