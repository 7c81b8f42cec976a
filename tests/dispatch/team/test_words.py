"""Every sentence of the team's page is there in every language, with the same blanks."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from services.dispatch.domain.taps import SKIP_REASONS
from services.dispatch.team.words import CATALOGUE
from shared.languages import NAMES, read_catalogue
from tests.conftest import ROOT

DISPATCH = ROOT / "services" / "dispatch"
SPEAKING = (
    *("fieldwork/taps.py", "fieldwork/photos.py", "adapters/darkroom.py", "team/sheet.py"),
    *("domain/team_log.py", "adapters/live_night.py"),
)
LANGUAGES = [code for code in NAMES if code != "en"]
SHEET = "sheet.html"  # for staff, in English but for what teams read


def _in_templates() -> Iterator[str]:
    for file in (DISPATCH / "team" / "templates").glob("*.html"):
        if file.name != SHEET:
            for double, single in re.findall(
                r"""_\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""", file.read_text()
            ):
                yield double or single


def _in_scripts() -> Iterator[str]:
    """What is handed to `say` and `counted`, and the tables of words from which they are fed."""
    for file in (DISPATCH / "team" / "static").glob("*.js"):
        text = file.read_text()
        yield from re.findall(r'\bsay\(\s*"([^"]+)"', text)
        yield from re.findall(r'"((?:1|\{n\}) [^"]+)"', text)
        for table in re.findall(r"const [A-Z_]+ = \{(.*?)\n?\};", text, re.DOTALL):
            yield from re.findall(r'\w+: "([A-Za-z][^"]*[a-z.…])"(?=[,\s}])', table)


def _in_handlers() -> Iterator[str]:
    """Sentences, as told from docstrings by where they stand."""
    for name in SPEAKING:
        tree = ast.parse((DISPATCH / name).read_text())
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = (n for n in ast.walk(tree) if isinstance(n, ast.Constant))
        said = (str(text.value) for text in texts if id(text) not in docstrings)
        yield from (text for text in said if re.fullmatch(r"[A-Z][^{}]+ [^{}]+\.", text))


def sentences() -> set[str]:
    said = {*_in_templates(), *_in_scripts(), *_in_handlers(), *SKIP_REASONS.values()}
    return said - {"en-US", "es-US", "en_route", "check_in", "arrived", "left"}


def test_the_page_speaks_enough_for_this_test_to_mean_anything() -> None:
    found = sentences()
    assert len(found) > 90
    assert {"On our way", "{n} taps waiting, will be sent when there is signal."} <= found


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_translated(code: str) -> None:
    missing = {s for s in sentences() if not re.fullmatch(r"[a-z_]+", s)}
    assert missing - read_catalogue(CATALOGUE, code).keys() == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_has_the_same_blanks(code: str) -> None:
    for english, other in read_catalogue(CATALOGUE, code).items():
        assert _blanks(english) == _blanks(other), english


def _blanks(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
