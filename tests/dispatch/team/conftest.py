"""Fixtures of the team page's tests: a city whose shift is now, the desk, a phone's client."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from flask import Flask
from werkzeug.serving import make_server

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.adapters.team_tokens import TeamTokens
from services.dispatch.console.hub import Hub
from services.dispatch.console.views import make_console
from services.dispatch.domain.evening import Window
from services.dispatch.domain.phone_team import PhoneTeam
from services.dispatch.field_desk import FieldDesk, make_field_desk
from services.dispatch.main.teams import add_teams
from shared.clock import SystemClock
from shared.db import Pool, connect
from shared.inbox import Inbox
from shared.street_store import StreetStore
from shared.tokens import issue
from shared.web import make_app
from tests.dispatch.builders import city_fact, make_city, make_team
from tests.dispatch.hearing import hear
from tests.dispatch.signing import SECRET, guard
from tests.dispatch.team.fake_night import FakeNight, make_stop

START = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
SHIFT = Window(START, START + timedelta(hours=4))


@dataclass
class WatchClock:
    """The time, put on or back by `ahead`."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


@pytest.fixture
def watch() -> WatchClock:
    return WatchClock()


@pytest.fixture
def night() -> FakeNight:
    """Patrol 1 with three stops, at the kick-off."""
    stops = tuple(
        make_stop(f"p{number}", 70 + 25 * number, START, name=name, address=address)
        for number, name, address in (
            (1, "Maple & Oak neighbors", "400 block of Maple St"),
            (2, "Linda Vista picnic", "1200 Linda Vista Ave"),
            (3, "Garfield Heights", "Garfield Ave and Mountain St"),
        )
    )
    who = ("t1", "Patrol 1", ("Ofc. Adams", "Ofc. Brown"), SHIFT)
    return FakeNight(PhoneTeam(*who, "at_kick_off", None, "open", stops))


@pytest.fixture
def desk(pool: Pool, inbox: Inbox, night: FakeNight, watch: WatchClock) -> FieldDesk:
    """The desk of Pasadena, with two teams whose shift is under way."""
    teams = [make_team("t1", name="Patrol 1", shift=SHIFT), make_team("t2", shift=SHIFT)]
    hear(inbox, city_fact(make_city(evening=SHIFT), teams=teams))
    return make_field_desk(pool, watch, TeamTokens("k" * 32, "http://127.0.0.1"), night)


@pytest.fixture
def app(pool: Pool, url: str, redis_url: str, desk: FieldDesk) -> Flask:
    made = make_app("services.dispatch", secret=SECRET, pool=pool, redis_url=redis_url, expects=())
    guard(made, pool, redis_url)
    boards = BoardReader(pool)
    hub = Hub(lambda: connect(url, "test-hub"))
    made.register_blueprint(make_console(boards, hub, StreetStore(pool)))
    add_teams(made, desk, secure=False)
    return made


@pytest.fixture
def client(app: Flask) -> Iterator[httpx.Client]:
    """A client behind a real socket with a dispatcher's token."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    token = {"Authorization": f"Bearer {issue(SECRET, 'dispatcher', 'pasadena', 1)}"}
    base = f"http://127.0.0.1:{server.port}"
    with httpx.Client(base_url=base, timeout=20, headers=token) as made:
        yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def link(client: httpx.Client, desk: FieldDesk) -> str:
    """The address, on this server, of a new link for Patrol 1."""
    answer = client.post("/api/v1/cities/pasadena/team-links", json={"teams": ["t1"]})
    path: str = answer.json()["links"][0]["url"].removeprefix("http://127.0.0.1")
    return path


@pytest.fixture
def phone(client: httpx.Client, link: str) -> Iterator[httpx.Client]:
    """A client that opened Patrol 1's link."""
    with httpx.Client(base_url=client.base_url, timeout=20) as made:
        made.get(link)
        yield made


@pytest.fixture
def tapped(phone: httpx.Client) -> Callable[..., list[dict[str, object]]]:
    """Sends taps as the page would; returns their outcomes."""

    def send(*taps: dict[str, object], sent_at: datetime | None = None) -> list[dict[str, object]]:
        sent = (sent_at or datetime.now(UTC)).isoformat()
        answer = phone.post("/team/taps", json={"sent_at": sent, "taps": list(taps)})
        assert answer.status_code == 200, answer.text
        outcomes: list[dict[str, object]] = answer.json()["outcomes"]
        return outcomes

    return send
