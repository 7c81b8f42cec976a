"""`.env.example` names every variable that anything reads."""

import re
from pathlib import Path

from local.settings import ROOT

NAMED = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
QUOTED = re.compile(r"""["']([A-Z][A-Z0-9_]{3,})["']""")
IN_COMPOSE = re.compile(r"(?<!\$)\$\{([A-Z_]+)")
READERS = ("services/*/settings.py", "shared/env.py", "local/settings.py", "local/roster.py")
OURS = {"PYTHONPATH", "PYTHONUNBUFFERED"}  # set for every process, never read from the user


def named() -> set[str]:
    return set(NAMED.findall((ROOT / ".env.example").read_text()))


def read_by_code() -> dict[str, Path]:
    files = [file for pattern in READERS for file in ROOT.glob(pattern)]
    return {name: file for file in files for name in QUOTED.findall(file.read_text())}


def test_every_variable_that_a_settings_module_reads_is_named() -> None:
    missing = {name: str(path) for name, path in read_by_code().items() if name not in named()}
    assert {name: path for name, path in missing.items() if name not in OURS} == {}


def test_every_variable_of_the_compose_file_is_named() -> None:
    used = set(IN_COMPOSE.findall((ROOT / "docker-compose.yml").read_text()))
    assert used - named() == set()


def test_nothing_is_named_that_nobody_reads() -> None:
    used = set(IN_COMPOSE.findall((ROOT / "docker-compose.yml").read_text()))
    assert named() - used - set(read_by_code()) == set()


def test_no_secret_has_a_value() -> None:
    text = (ROOT / ".env.example").read_text()
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#") and name.endswith(("PASSWORD", "KEY")):
            assert value == "", name
