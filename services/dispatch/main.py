"""Dispatch's composition root: settings, adapters, handlers, applications; one function a role."""

import os
from functools import partial
from pathlib import Path

from flask import Flask

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.api.views import make_api
from services.dispatch.console.hub import Hub
from services.dispatch.console.views import make_console
from services.dispatch.settings import Settings
from services.dispatch.worker import (
    PLANNING,
    TICKS,
    Sweep,
    fact_handlers,
    hint_planning,
    make_planning,
    register_planning,
)
from shared import dead_letters_cli
from shared.clock import SystemClock
from shared.db import connect, open_pool
from shared.housekeeping import Housekeeping
from shared.inbox import Inbox
from shared.logs import set_up_logs
from shared.migrations import migrate
from shared.process import command_line
from shared.reader import EventReader
from shared.relay import run_relay
from shared.serving import serve
from shared.web import make_app
from shared.worker import Ticking, make_celery, run_worker

SERVICE = "dispatch"
EXPECTED = ("reader", "worker", "planner", "relay")
HERE = Path(__file__).parent
THREADS = 256


def run() -> None:
    """The command line."""
    roles = {"migrate": bring_up, "web": web, "worker": worker, "planner": planner, "relay": relay}
    letters = dead_letters_cli.commands(SERVICE, lambda: _settings().database_url, _inbox)
    command_line(SERVICE, roles, [letters])


def bring_up() -> None:
    """Bring the database to this version."""
    settings = _settings()
    set_up_logs("dispatch-migrate", settings.log_format)
    migrate(settings.database_url, HERE / "migrations")


def web() -> None:
    """Serve the console and the API."""
    settings = _settings()
    set_up_logs("dispatch-web", settings.log_format)
    serve(
        lambda: make_web(settings),
        bind=settings.bind,
        port=settings.port,
        threads=THREADS,
        workers=1,
    )


def make_web(settings: Settings) -> Flask:
    """The web application, its hub running."""
    pool = open_pool(settings.database_url, most=8, name="dispatch-web")
    hub = Hub(partial(connect, settings.database_url, "dispatch-hub"))
    app = make_app(
        "services.dispatch",
        secret=settings.secret,
        pool=pool,
        redis_url=settings.redis_url,
        expects=EXPECTED,
    )
    boards = BoardReader(pool)
    app.register_blueprint(make_console(boards, hub))
    app.register_blueprint(make_api(boards))
    hub.start()
    return app


def worker() -> None:
    """Read facts, mark cities, sweep."""
    settings = _settings()
    set_up_logs("dispatch-worker", settings.log_format)
    pool = open_pool(settings.database_url, name="dispatch-worker")
    app = make_celery(SERVICE, settings.redis_url)
    hint_city = hint_planning(app)
    inbox = Inbox(pool, SystemClock(), fact_handlers(hint_city))
    sweep, house = Sweep(pool, hint_city), Housekeeping(pool)

    def tick() -> None:
        sweep()
        house.keep()

    run_worker(
        app,
        instance=settings.instance,
        pool=pool,
        queues=(TICKS,),
        ticking=Ticking("worker", TICKS, tick),
        reader=EventReader(SERVICE, settings.instance, settings.redis_url, pool, inbox),
    )


def planner() -> None:
    """Plan cities that are out of date."""
    settings = _settings()
    set_up_logs("dispatch-planner", settings.log_format)
    pool = open_pool(settings.database_url, name="dispatch-planner")
    app = make_celery(SERVICE, settings.redis_url)
    locking = partial(connect, settings.database_url, "dispatch-planning-lock")
    register_planning(app, make_planning(pool, SystemClock(), locking))
    run_worker(
        app,
        instance=settings.instance,
        pool=pool,
        queues=(PLANNING,),
        ticking=Ticking("planner", PLANNING, lambda: None),
    )


def relay() -> None:
    """Carry dispatch's facts to its stream."""
    settings = _settings()
    set_up_logs("dispatch-relay", settings.log_format)
    run_relay(SERVICE, settings.database_url, settings.redis_url)


def _settings() -> Settings:
    return Settings.read(os.environ)


def _inbox() -> Inbox:
    settings = _settings()
    pool = open_pool(settings.database_url, most=1, name="dispatch-cli")
    app = make_celery(SERVICE, settings.redis_url)
    return Inbox(pool, SystemClock(), fact_handlers(hint_planning(app)))
