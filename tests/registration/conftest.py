"""The registration service on a fresh database, with one city in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext

from services.registration.adapters.postgres_cities import PostgresCityBook
from services.registration.domain.city_file import read_city
from services.registration.handlers.cities import configure_city
from services.registration.main.web import make_web
from services.registration.settings import Settings
from shared.clock import SystemClock
from shared.db import Pool, open_pool
from shared.tokens import issue
from shared.work import begin
from tests.registration.browsing import Open
from tests.registration.builders import city_text

SECRET = "a secret for tests"


@dataclass(frozen=True)
class Service:
    """The running service: its application, its database, its environment."""

    app: Flask
    pool: Pool
    environ: dict[str, str]

    @property
    def client(self) -> FlaskClient:
        """A new browser or program."""
        return self.app.test_client()

    def add_city(self, text: str) -> str:
        """Add or update a city from its file; returns what became of it."""
        with begin(self.pool, SystemClock()) as work:
            book = PostgresCityBook(work.conn)
            return configure_city(read_city(text), text, book, work, work.now)

    def ask(self, query: str, *values: object) -> list[Any]:
        """The rows of a query."""
        with psycopg.connect(self.environ["REGISTRATION_DATABASE_URL"]) as conn:
            return conn.execute(query.encode(), values).fetchall()

    def count(self, table: str) -> int:
        """How many rows the table has."""
        found: int = self.ask(f"select count(*) from {table}")[0][0]
        return found

    def said(self) -> list[str]:
        """The types of all facts in the outbox, in order."""
        return [row[0] for row in self.ask("select type from outbox order by id")]

    def bearer(self, role: str, city: str) -> dict[str, str]:
        """The header of somebody with that role in that city."""
        return {"Authorization": f"Bearer {issue(SECRET, role, city, 1)}"}


@pytest.fixture
def service(database: Callable[[str], str]) -> Iterator[Service]:
    """The service with Pasadena in it."""
    environ = {
        "REGISTRATION_DATABASE_URL": database("registration"),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": SECRET,
        "REGISTRATION_URL": "http://localhost",
        "SPAM_GUARD": "off",
    }
    pool = open_pool(environ["REGISTRATION_DATABASE_URL"], most=8)
    running = Service(make_web(Settings.read(environ), pool), pool, environ)
    running.add_city(city_text())
    yield running
    pool.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a browser of somebody's own; a script's complaint fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
