"""Fixtures of dispatch's tests: its database, ports over a transaction, planning on real parts."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest
from flask import Flask
from werkzeug.serving import make_server

from services.dispatch.adapters.acting import AuditReader, sessions
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.live_reader import LiveReader
from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice
from services.dispatch.api.night_api import make_night_api
from services.dispatch.api.planning import make_planning_api
from services.dispatch.api.problems import answer_problems
from services.dispatch.api.replies_api import make_replies_api
from services.dispatch.api.views import make_api
from services.dispatch.console.hub import Hub
from services.dispatch.console.plan_pages import make_plan_pages
from services.dispatch.console.views import make_console
from services.dispatch.planner import Iterations
from services.dispatch.planning import Planning, plan_city
from services.dispatch.preparing.office import Office
from services.dispatch.roster.api import make_roster_api
from services.dispatch.roster.opened import Opener
from services.dispatch.roster.site import make_roster
from services.dispatch.worker import fact_handlers, make_planning
from shared.clock import SystemClock
from shared.db import Pool, connect, open_pool
from shared.inbox import Inbox
from shared.street_store import StreetStore
from shared.web import make_app
from tests.dispatch.builders import city_fact, make_party, make_team, party_fact
from tests.dispatch.hearing import hear
from tests.dispatch.signing import SECRET, cookie, guard
from tests.waiting import eventually


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    """A fresh dispatch database."""
    return database("dispatch")


@pytest.fixture
def pool(url: str) -> Iterator[Pool]:
    """Connections to it."""
    opened = open_pool(url, name="test")
    yield opened
    opened.close()


@pytest.fixture
def planning(url: str, pool: Pool) -> Planning:
    """Planning on PostgreSQL."""
    return make_planning(pool, SystemClock(), lambda: connect(url, "test-lock"))


@pytest.fixture
def searching(planning: Planning) -> Planning:
    """Planning as an installation does it, by search, repeatably."""
    search = SearchPlanner(Insertion(), Budget(Iterations(2000), Iterations(4000)))
    return replace(planning, planner=search, improver=search, check=check_twice)


@pytest.fixture
def office(pool: Pool, hinted: list[str], planning: Planning) -> Office:
    """Where a planner's decisions are taken."""
    return Office(pool, SystemClock(), hinted.append, hinted.append, planning)


@pytest.fixture
def hinted() -> list[str]:
    """The cities that the worker asked to be planned."""
    return []


@pytest.fixture
def inbox(pool: Pool, hinted: list[str]) -> Inbox:
    """The inbox with dispatch's handlers."""
    return Inbox(pool, SystemClock(), fact_handlers(hinted.append))


@pytest.fixture
def hub(url: str) -> Iterator[Hub]:
    running = Hub(lambda: connect(url, "test-hub"))
    running.start()
    eventually(lambda: running.listening)
    yield running
    running.stop()


@pytest.fixture
def app(pool: Pool, hub: Hub, redis_url: str, office: Office) -> Flask:
    made = make_app("services.dispatch", secret=SECRET, pool=pool, redis_url=redis_url, expects=())
    guard(made, pool, redis_url)
    boards = BoardReader(pool)
    made.register_blueprint(make_console(boards, hub, StreetStore(pool)))
    made.register_blueprint(make_api(boards))
    begin = sessions(pool, SystemClock())
    night = make_night_api(
        LiveReader(pool, SystemClock()), begin, AuditReader(pool), lambda _: None, GreatCircle()
    )
    made.register_blueprint(night)
    made.register_blueprint(make_replies_api(pool, SystemClock()))
    opener = Opener(pool, SystemClock())
    made.register_blueprint(make_roster(opener))
    made.register_blueprint(make_roster_api(opener))
    made.register_blueprint(make_planning_api(office))
    made.register_blueprint(
        make_plan_pages(office, lambda _, team: f"https://nno.example/t/{team}")
    )
    answer_problems(made)
    return made


@pytest.fixture
def staff_cookie(pool: Pool) -> dict[str, str]:
    """The cookie of an administrator of every city."""
    return cookie(pool)


@pytest.fixture
def client(stranger: httpx.Client, staff_cookie: dict[str, str]) -> httpx.Client:
    """A client of the application behind a real socket, signed in as an administrator."""
    stranger.cookies.update(staff_cookie)
    return stranger


@pytest.fixture
def stranger(app: Flask) -> Iterator[httpx.Client]:
    """A client that is not signed in."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as made:
        yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pasadena(inbox: Inbox, planning: Planning) -> Callable[..., None]:
    """Sets Pasadena up with one team; called again with parties it plans them."""
    hear(inbox, city_fact(teams=[make_team()]))

    def register(*parties: str, plan: bool = True) -> None:
        hear(inbox, *(party_fact(make_party(party)) for party in parties))
        if plan:
            plan_city(planning, "pasadena")

    return register
