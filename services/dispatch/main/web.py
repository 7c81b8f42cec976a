"""The `web` role of dispatch."""

from functools import partial

from flask import Flask

from services.dispatch.adapters.acting import AuditReader, sessions
from services.dispatch.adapters.live_night import LiveNight
from services.dispatch.adapters.live_reader import LiveReader
from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.api.night_api import make_night_api
from services.dispatch.api.planning import make_planning_api
from services.dispatch.api.problems import answer_problems
from services.dispatch.api.replies_api import make_replies_api
from services.dispatch.api.views import make_api
from services.dispatch.console.hub import Hub
from services.dispatch.console.plan_pages import make_plan_pages
from services.dispatch.console.views import make_console
from services.dispatch.main.access import ACCESS
from services.dispatch.main.accounts import set_up_accounts
from services.dispatch.main.parts import SERVICE, settings_for
from services.dispatch.main.teams import add_teams, code_of, field_desk, link_of
from services.dispatch.main.travel import travel_of
from services.dispatch.preparing.office import Office
from services.dispatch.roster.api import make_roster_api
from services.dispatch.roster.opened import Opener
from services.dispatch.roster.site import make_roster
from services.dispatch.settings import Settings
from services.dispatch.worker import Means, hint_drafting, hint_planning, make_planning
from shared.clock import SystemClock
from shared.db import Pool, connect, open_pool
from shared.ground import Ground
from shared.letters_page import letters_page
from shared.serving import serve
from shared.street_store import StreetStore
from shared.web import make_app
from shared.worker import make_celery

EXPECTED = ("reader", "worker", "planner", "relay")
THREADS = 256


def web() -> None:
    """Serve the console and the API."""
    settings = settings_for("web")
    serve(
        partial(make_web, settings),
        bind=settings.bind,
        port=settings.port,
        threads=THREADS,
        workers=1,
    )


def office_of(settings: Settings, pool: Pool) -> Office:
    """Where planners decide; drafts are checked by the process that makes them, too."""
    celery = make_celery(SERVICE, settings.redis_url)
    locking = partial(connect, settings.database_url, "dispatch-planning-lock")
    clock, means = SystemClock(), Means(travel=travel_of(settings))
    planning = make_planning(pool, clock, locking, means)
    return Office(pool, clock, hint_planning(celery), hint_drafting(celery), planning)


def make_web(settings: Settings) -> Flask:
    """The web application, its hub running."""
    pool = open_pool(settings.database_url, most=8, name="dispatch-web")
    hub = Hub(partial(connect, settings.database_url, "dispatch-hub"))
    app = assemble(settings, pool, hub)
    hub.start()
    return app


def assemble(settings: Settings, pool: Pool, hub: Hub) -> Flask:
    """The web application; each of its endpoints has a row in `access.py`."""
    app = make_app(
        "services.dispatch",
        secret=settings.secret,
        pool=pool,
        redis_url=settings.redis_url,
        expects=EXPECTED,
    )
    boards = BoardReader(pool)
    ground = Ground(settings.map_style_url, settings.map_attribution)
    office = office_of(settings, pool)
    set_up_accounts(app, settings, pool, ACCESS, boards.cities)
    app.register_blueprint(make_console(boards, hub, StreetStore(pool), ground))
    app.register_blueprint(make_api(boards))
    clock = SystemClock()
    hint_city = hint_planning(make_celery(SERVICE, settings.redis_url))
    begin = sessions(pool, clock)
    app.register_blueprint(
        make_night_api(
            LiveReader(pool, clock), begin, AuditReader(pool), hint_city, travel_of(settings)
        )
    )
    app.register_blueprint(make_replies_api(pool, clock))
    desk = field_desk(settings, pool, LiveNight(pool, begin, hint_city))
    app.register_blueprint(make_planning_api(office))
    app.register_blueprint(make_plan_pages(office, partial(link_of, desk)))
    answer_problems(app)
    opener = Opener(pool, SystemClock())
    app.register_blueprint(make_roster(opener, partial(code_of, desk)))
    app.register_blueprint(make_roster_api(opener))
    add_teams(app, desk, secure=settings.url.startswith("https:"))
    app.register_blueprint(letters_page(SERVICE, pool))
    return app
