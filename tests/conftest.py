"""Fixtures for every test: real Valkey and PostgreSQL, fresh migrated databases, the references."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from local.servers import EmbeddedServers
from local.stack import Stack
from shared.migrations import migrate
from shared.redis import open_redis
from tests.compiled import keep_compiled_templates
from tests.night import Night, free_ports
from tests.sharing_out import WholeFiles, longest_first

TWILIO_TOKEN = "signs-what-tests-bring-as-twilio"
ROOT = Path(__file__).parent.parent
_BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
_SWITCHES = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
_numbers = itertools.count()
keep_compiled_templates()
os.environ.setdefault("SPAM_GUARD", "off")  # tests register as fast as they can


def missing(what: str) -> NoReturn:
    """Skip on a laptop, fail in CI: there everything that a test needs has to be installed."""
    if os.environ.get("CI"):
        pytest.fail(f"CI lacks {what}")
    pytest.skip(f"needs {what}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeFiles:
    """Only a run on several workers asks for it."""
    return WholeFiles(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On several workers the order of files is ours; one alone keeps that of the folders."""
    if hasattr(config, "workerinput"):
        items[:] = longest_first(items)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Real Valkey and PostgreSQL from their wheels, for the whole session."""
    folder = tmp_path_factory.mktemp("servers")
    with EmbeddedServers(folder, say=lambda _: None, throwaway=True) as running:
        yield running


@pytest.fixture
def redis_url(servers: EmbeddedServers) -> str:
    """The address of an empty Redis."""
    open_redis(servers.redis_url).flushall()
    return servers.redis_url


@pytest.fixture(scope="session")
def _templates(servers: EmbeddedServers) -> Callable[[str], str]:
    made: dict[str, str] = {}

    def template(service: str) -> str:
        if service not in made:
            name = f"template_{service}"
            url = _create(servers.admin_url, name, None)
            migrate(url, ROOT / "services" / service / "migrations")
            made[service] = name
        return made[service]

    return template


@pytest.fixture
def database(
    servers: EmbeddedServers, _templates: Callable[[str], str]
) -> Iterator[Callable[[str], str]]:
    """Makes a fresh, migrated database of the service; returns its address."""
    names: list[str] = []

    def fresh(service: str) -> str:
        names.append(f"test_{service}_{next(_numbers)}")
        return _create(servers.admin_url, names[-1], _templates(service))

    yield fresh
    with psycopg.connect(servers.admin_url, autocommit=True) as conn:
        for name in names:
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _create(admin_url: str, name: str, template: str | None) -> str:
    with psycopg.connect(admin_url, autocommit=True) as conn:
        # By copying files, which takes half the time of the way through the log.
        query = sql.SQL("create database {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        conn.execute(query)
    return admin_url.rpartition("/")[0] + "/" + name


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of real lists and published instances; skips where it is absent."""
    place = Path(os.environ.get("PORCHLIGHT_REFERENCE") or ROOT.parent / "shared")
    if not (place / "data").is_dir():
        pytest.skip(f"the reference lists are not at {place}; set PORCHLIGHT_REFERENCE")
    return place


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window."""
    named = os.environ.get("BROWSER_PATH")
    place = next((p for p in map(Path, [named] if named else _BROWSERS) if p.exists()), None)
    if place is None:
        missing("a browser: set BROWSER_PATH or install chromium-headless-shell or chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=place, args=list(_SWITCHES))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A whole installation on embedded servers with real processes, for the session."""
    folder = tmp_path_factory.mktemp("night")
    with Stack(folder / "data", free_ports(), empty=True, environment=_clean()) as stack:
        yield Night(stack, folder)


def _clean() -> dict[str, str]:
    """This environment without servers of somebody's own."""
    own = ("REDIS_URL", "SMTP_URL", "TWILIO_ACCOUNT_SID", "AWS_REGION", "SMS_PROVIDERS")
    kept = {k: v for k, v in os.environ.items() if k not in own and "DATABASE_URL" not in k}
    return kept | {"TWILIO_AUTH_TOKEN": TWILIO_TOKEN}
