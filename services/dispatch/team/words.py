"""The page's languages. Only the team page and the sheet of links use it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import request

from shared.languages import NAMES, read_catalogue

CATALOGUE = Path(__file__).parent / "catalogue"
COOKIE = "team_lang"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code, its sentences by the English ones, and how it says one."""

    code: str
    sentences: Mapping[str, str]
    say: Callable[[str], str]


@cache
def language(code: str) -> Language:
    """The language."""
    sentences = read_catalogue(CATALOGUE, code)
    return Language(code, sentences, lambda text: sentences.get(text, text))


def chosen() -> Language:
    """What the page was asked to speak, else what it spoke before, else what the phone speaks."""
    for wish in (request.args.get("lang", ""), request.cookies.get(COOKIE, "")):
        if wish in NAMES:
            return language(wish)
    return language(request.accept_languages.best_match(list(NAMES)) or "en")
