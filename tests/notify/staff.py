"""Notify's staff pages over a bench: people who look and act, hosts by the dozen, rows by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.notify.main.web import make_web
from services.notify.settings import Settings
from shared.contracts.values import Host, Window
from shared.db import Pool
from tests.entering import sign_in
from tests.notify.bench import Bench
from tests.notify.facts import CITY, city_configured, party_of, registered

SECRET = "secret"


def id_of(number: int) -> str:
    """A party's id."""
    return f"0190a000-0000-7000-8000-{number:012}"


def code_of(number: int) -> str:
    """A party's code."""
    return f"K7M{number:03}"


def host_of(number: int, language: str = "en", sms: bool = True, email: bool = True) -> Host:
    """A host with both ways, or fewer."""
    phone = f"+1626555{number:04}"
    return Host(f"Ana {number}", phone, f"ana{number}@example.org" if email else "", language, sms)


@dataclass(frozen=True, slots=True)
class House:
    """Notify with its web application, in the present."""

    app: Flask
    bench: Bench
    pool: Pool

    def person(self, *roles: str, name: str = "Kim", id_: str = "1") -> FlaskClient:
        """A browser of somebody, a notifier of Pasadena without roles."""
        client = self.app.test_client()
        given = roles or (f"notifier@{CITY}",)
        sign_in(client, "notify", SECRET, *given, name=name, id_=id_)
        return client

    def hosts(self, *hosts: Host, area: str = "north", **more: Any) -> list[str]:
        """Register a party of each host; returns their ids."""
        start = self.count("parties") + 1
        ids = [id_of(start + i) for i in range(len(hosts))]
        for number, (id_, host) in enumerate(zip(ids, hosts, strict=True), start):
            changes = {"code": code_of(number), "name": f"Party {number}", "area": area, **more}
            self.bench.hear(registered(party_of(host, id_, **changes)))
        return ids

    def count(self, table: str) -> int:
        """How many rows there are."""
        return int(str(self.rows(f"select count(*) from {table}")[0][0]))

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What the database says."""
        with self.pool.connection() as conn:
            return conn.execute(query.encode(), values or None).fetchall()

    def run(self, query: str, values: Sequence[object] = ()) -> None:
        """Write something by hand."""
        with self.pool.connection() as conn:
            conn.execute(query.encode(), values or None)

    def fail(self, state: str = "failed_temporary", reason: str = "busy", where: str = "") -> None:
        """Make every message, or those of a condition, one that failed."""
        more = f"where {where}" if where else ""
        self.run(
            f"update messages set state = %s, reason = %s, attempts = 1 {more}", (state, reason)
        )

    def audited(self) -> list[str]:
        """What the audit log has, oldest first."""
        return [str(row[0]) for row in self.rows("select what from audit order by id")]


def house_of(url: str, redis_url: str, pool: Pool, **more: str) -> House:
    """A house on this database, with a city whose evening is under way."""
    environ = {"NOTIFY_DATABASE_URL": url, "REDIS_URL": redis_url, "SECRET_KEY": SECRET, **more}
    bench = Bench(pool)
    now = datetime.now(UTC)
    bench.clock.move(seconds=(now - bench.clock.now()).total_seconds())
    evening = Window(now - timedelta(hours=1), now + timedelta(hours=3))
    bench.hear(city_configured(evening=evening))
    return House(make_web(Settings.read(environ)), bench, pool)


def guard_of(client: FlaskClient, path: str) -> str:
    """The guard of the forms on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, f"{path} has no form"
    return found[1]


def press(client: FlaskClient, path: str, on: str, **fields: Any) -> TestResponse:
    """Send a form that stands on page `on`, and follow to the page that says what was done."""
    data = {"csrf_token": guard_of(client, on), **fields}
    return client.post(path, data=data, follow_redirects=True)
