"""The verbs that speak to a running installation, through stand-ins for the services."""

from pathlib import Path

import pytest

from local.settings import DATABASE_VARIABLES
from shared import tokens
from tests.local.conftest import Checkout


@pytest.fixture
def pointed(checkout: Checkout) -> Checkout:
    """Own servers are named, so that nothing needs to run."""
    checkout.variables["REDIS_URL"] = "redis://127.0.0.1:1/0"
    for name in DATABASE_VARIABLES.values():
        checkout.variables[name] = "postgresql://127.0.0.1/x"
    return checkout


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("export", "--city", "a"),
        ("import", "f.csv", "--city", "a"),
        ("city", "list"),
        ("city", "add", "f.toml"),
        ("dead-letters", "list"),
        ("dead-letters", "show", "1"),
    ],
)
def test_when_nothing_runs_one_sentence_says_how_to_start(
    checkout: Checkout, words: tuple[str, ...]
) -> None:
    done = checkout.run(*words, "--data", str(checkout.data))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "./porchlight up" in done.stderr


def test_import_reaches_the_service_from_the_users_folder(pointed: Checkout) -> None:
    folder = pointed.home / "lists"
    folder.mkdir()
    done = pointed.run("import", "parties 2026.csv", "--city", "a", cwd=folder)
    assert done.returncode == 0
    assert done.stdout == "registration import parties 2026.csv --city a\n"
    assert pointed.noted() == [f"registration import parties 2026.csv --city a in {folder}"]


def test_the_services_exit_code_is_the_verbs(pointed: Checkout) -> None:
    pointed.variables["STANDIN_CODE"] = "7"
    assert pointed.run("export", "--city", "a").returncode == 7
    assert pointed.run("city", "list").returncode == 7


def test_dead_letters_are_asked_of_all_three(pointed: Checkout) -> None:
    done = pointed.run("dead-letters", "list")
    assert [line for line in done.stdout.splitlines() if not line.startswith(" ")] == [
        "registration:",
        "dispatch:",
        "notify:",
    ]


def test_a_dead_letter_that_nobody_has_is_said_once(pointed: Checkout) -> None:
    pointed.variables["STANDIN_CODE"] = "1"
    done = pointed.run("dead-letters", "replay", "0190")
    assert done.returncode == 1
    assert "No service could replay the dead letter 0190" in done.stderr


def test_a_token_is_signed_with_the_installations_key(checkout: Checkout) -> None:
    checkout.variables["SECRET_KEY"] = "a key"
    done = checkout.run("token", "--role", "planner", "--city", "pasadena", "--days", "1")
    token = tokens.verify("a key", done.stdout.strip())
    assert (token.role, token.city) == ("planner", "pasadena")


def test_a_token_needs_a_key_first(checkout: Checkout) -> None:
    done = checkout.run("token", "--role", "planner", "--data", str(checkout.data))
    assert done.returncode == 2
    assert "SECRET_KEY" in done.stderr


def test_the_menu_names_every_verb(checkout: Checkout, tmp_path: Path) -> None:
    menu = checkout.run(cwd=tmp_path).stdout
    for verb in ("up", "status", "import", "export", "city", "token", "dead-letters", "test"):
        assert f"\n  {verb} " in menu
    assert checkout.run("help").stdout == menu
