"""A running installation as tests see it: cities, registrations, and counts in every service."""

import itertools
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
from playwright.sync_api import Browser, BrowserContext, Page

from local.stack import Stack
from shared.tokens import issue

CITY = """
name = "{name}"
slug = "{slug}"
programme = "Night Out"
zone = "{zone}"
date = {date}
languages = ["en", "es"]
signature = "{name} Police"
settle_seconds = 1

[evening]
starts = {opens}
ends = {closes}

[kick_off]
name = "Central Park"
place = {{ lat = {lat}, lon = {lon} }}
starts = {kick_off_starts}
ends = {opens}

[[visitor_kinds]]
code = "police"
name = "Police officers"
minutes = 15

{teams}
{of_last_team}
{areas}
"""

TEAM = """
[[teams]]
id = "team-{number}"
name = "Team {number}"
kinds = ["police"]
languages = ["en"]
members = []
"""
AREA = """
[[areas]]
code = "{code}"
name = "{name}"
"""
_numbers = itertools.count(1)


def free_ports(number: int = 3) -> int:
    """The first of `number` neighbouring ports that nobody uses, out of this worker's thousand."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    while True:
        first = 20_000 + 1000 * worker + secrets.randbelow(1000 - number)
        if all(_is_free(first + step) for step in range(number)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def zone_at(hour: int) -> str:
    """A zone in which the clock shows about `hour` now; by day, no quiet hours hold news back."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"


@dataclass(frozen=True)
class Counts:
    """How far a city's parties have come in each service."""

    registered: int
    heard_by_dispatch: int
    decided: int
    heard_by_notify: int
    welcomed: int
    shown: int


class Night:
    """Speaks to a running `Stack` as people and programs would."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self._folder = folder
        self.client = httpx.Client(timeout=20)
        self.client.headers["Authorization"] = f"Bearer {self.token('administrator', '*')}"
        self._signed_in: Any = None

    def add_city(
        self, teams: int = 6, areas: Mapping[str, str] | None = None, **changes: object
    ) -> str:
        """Add a fresh city by its file; returns its slug."""
        slug = f"town-{next(_numbers)}"
        values: dict[str, object] = {
            "name": slug.title(),
            "slug": slug,
            "zone": zone_at(12),
            "date": "2027-08-03",
            "opens": "18:00:00",
            "closes": "22:00:00",
            "kick_off_starts": "17:00:00",
            "lat": 34.14,
            "lon": -118.08,
            "teams": "".join(TEAM.format(number=n) for n in range(1, teams + 1)),
            "areas": "".join(AREA.format(code=c, name=n) for c, n in (areas or {}).items()),
            "of_last_team": "",
        }
        file = self._folder / f"{slug}.toml"
        file.write_text(CITY.format(**(values | changes)))
        self.run("registration", "city", "add", str(file))
        return slug

    def add_city_tonight(self, teams: int, **changes: object) -> str:
        """A city in whose zone it is half past six or so, an hour into its evening."""
        zone = zone_at(18)
        hours: dict[str, object] = {
            "zone": zone,
            "date": datetime.now(ZoneInfo(zone)).date().isoformat(),
            "opens": "17:30:00",
            "closes": "22:30:00",
            "kick_off_starts": "17:00:00",
        }
        return self.add_city(teams, None, **(hours | changes))

    def run(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the service's commands; fails loudly when the command does."""
        command = [sys.executable, "-m", f"services.{service}", *arguments]
        done = subprocess.run(
            command, env=self.stack.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def api(self, service: str, path: str) -> str:
        """The address of `path` at the service."""
        return f"{self.stack.url(service).rstrip('/')}{path}"

    def register(self, city: str, number: int, **changes: object) -> dict[str, Any]:
        """Register party `number`; the same number again is the same request again."""
        body = {
            "name": f"Block {number}",
            "address": f"{100 + number} Elm St",
            "starts_at": "18:00",
            "ends_at": "21:30",
            "host_name": f"Host {number}",
            "email": f"host{number}@{city}.example.org",
            "lat": 34.14 + (number % 40 - 20) * 0.0012,
            "lon": -118.08 + (number // 40 % 40 - 20) * 0.0012,
        }
        answer = self.client.post(
            self.api("registration", f"/api/v1/cities/{city}/parties"),
            json=body | changes,
            headers={"Idempotency-Key": f"{city}-{number}"},
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def token(self, role: str, city: str) -> str:
        """An API token of this installation."""
        return issue(self.stack.env["SECRET_KEY"], role, city, 1)

    def signed_in(self, browser: Browser, **options: Any) -> Page:
        """A page of a browser in which the first administrator has signed in by the pages."""
        if self._signed_in is None:
            page = browser.new_page()
            page.goto(self.run("dispatch", "staff", "first").stdout.strip())
            page.get_by_label("E-mail address").fill("kim@example.org")
            self._signed_in = _enter(page, "Kim Lee")
        return browser.new_page(storage_state=self._signed_in, **options)

    def dispatcher(self, browser: Browser, city: str, name: str, **options: Any) -> BrowserContext:
        """A browser in which somebody has just accepted to be the city's dispatcher."""
        email = f"{name.partition(' ')[0].lower()}@{city}.example.org"
        role = ("--role", "dispatcher", "--city", city)
        page = browser.new_page()
        page.goto(self.run("dispatch", "staff", "invite", email, *role).stdout.strip())
        return browser.new_context(storage_state=_enter(page, name), **options)

    def board(self, city: str) -> dict[str, Any]:
        """The console's board."""
        found: dict[str, Any] = self.client.get(
            self.api("dispatch", f"/api/v1/cities/{city}/board")
        ).json()
        return found

    def ask(self, service: str, query: str, *values: object) -> Any:
        """The first cell of a query to the service's database."""
        url = self.stack.servers.database_urls[service]
        with psycopg.connect(url, autocommit=True) as conn:
            row = conn.execute(query.encode(), values).fetchone()
        return row[0] if row else None

    def counts(self, city: str) -> Counts:
        """How far the city's parties have come."""
        plan = "select count(*) from visits where city = %s"
        welcomed = (
            "select count(distinct party_id) from messages"
            " where city = %s and template = 'received' and channel = 'email' and state = 'sent'"
        )
        return Counts(
            self.ask("registration", "select count(*) from parties where city = %s", city),
            self.ask("dispatch", "select count(*) from parties where city = %s", city),
            self.ask("dispatch", plan, city),
            self.ask("notify", "select count(*) from parties where city = %s", city),
            self.ask("notify", welcomed, city),
            self.ask("registration", "select count(*) from heard_visits where city = %s", city),
        )

    def doubled(self, city: str) -> int:
        """How many messages a host was handed a second time: same party, channel and words."""
        query = (
            "select count(*) from (select from messages join sandbox on message_id = id"
            " where city = %s group by party_id, messages.channel, messages.template,"
            " messages.body having count(*) > 1) again"
        )
        found: int = self.ask("notify", query, city)
        return found

    def unsettled(self, city: str) -> int:
        """Messages that were made and not yet handed over, nor given up."""
        query = "select count(*) from messages where city = %s and state in ('created', 'sending')"
        found: int = self.ask("notify", query, city)
        return found

    def dead(self) -> int:
        """Dead letters in all services together."""
        query = "select count(*) from dead_letters where state = 'dead'"
        return sum(self.ask(s, query) for s in ("registration", "dispatch", "notify"))


def _enter(page: Page, name: str) -> Any:
    """Make the account that an invitation is for; the state of a browser that is signed in."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_label("Password again").fill("correct horse battery staple")
    page.get_by_role("button", name="Create my account").click()
    page.wait_for_url(lambda url: "/invitation/" not in url)
    state = page.context.storage_state()
    page.context.close()
    return state
