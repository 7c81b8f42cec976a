"""Every sentence of the pages is there in every language, with the same blanks to fill in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from services.registration.domain.materials import MATERIALS
from services.registration.domain.programmes import NAMES as NAMES_OF_PROGRAMMES
from services.registration.pages.language import catalogue, language
from services.registration.pages.private import _ABOUT
from services.registration.pages.staff_sentences import FOR_STAFF
from shared.contracts import party as contract
from shared.languages import NAMES
from tests.conftest import ROOT

SERVICE = ROOT / "services" / "registration"
TEMPLATES = SERVICE / "pages" / "templates"
SPEAKING = (
    *("domain/checks.py", "domain/questions.py", "handlers/parties.py"),
    *("pages/form.py", "pages/frame.py", "pages/links.py", "pages/private.py"),
    "domain/programmes.py",
)
LANGUAGES = [code for code in NAMES if code != "en"]


def _in_templates() -> Iterator[str]:
    for file in TEMPLATES.glob("*.html"):
        for double, single in re.findall(
            r"""_\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""", file.read_text()
        ):
            yield double or single


def _in_complaints(path: Path) -> Iterator[str]:
    """The texts handed to `Complaint`, `_complain` and their like."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.match(
                r"(Please|That|This page|This holds|There|The (end|clocks|party)) ", node.value
            ):
                yield node.value
            if node.value.startswith("Latitude goes"):
                yield node.value


def _spoken(path: Path) -> Iterator[str]:
    """The texts handed to a language's `say`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = node.args[0] if node.args else None
            if node.func.attr == "say" and isinstance(first, ast.Constant):
                yield str(first.value)


def _sentences() -> set[str]:
    said = {s for name in SPEAKING for s in _in_complaints(SERVICE / name)}
    said |= {s for path in (SERVICE / "pages").glob("*.py") for s in _spoken(path)}
    return said | set(_in_templates())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_translated(code: str) -> None:
    missing = _sentences() - catalogue(code).keys()
    assert missing == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_has_the_same_blanks(code: str) -> None:
    for english, other in catalogue(code).items():
        assert _blanks(english) == _blanks(other), english


def _blanks(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_what_staff_read_in_place_of_a_sentence_is_of_the_form() -> None:
    assert FOR_STAFF.keys() - catalogue("es").keys() == set()


def test_an_unknown_sentence_stays_english() -> None:
    assert language("es").say("Never heard of") == "Never heard of"


def test_every_material_of_the_contract_has_a_name_in_every_language() -> None:
    assert tuple(MATERIALS) == contract.MATERIALS
    for code in LANGUAGES:
        assert set(MATERIALS.values()) <= catalogue(code).keys()


def test_every_programme_has_a_name_in_every_language() -> None:
    for code in LANGUAGES:
        assert set(NAMES_OF_PROGRAMMES.values()) <= catalogue(code).keys()


def test_every_message_is_named_in_every_language() -> None:
    for code in LANGUAGES:
        assert set(_ABOUT.values()) <= catalogue(code).keys()
