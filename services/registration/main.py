"""Registration's composition root: settings, adapters, handlers, edges; one function a role."""

import os
from pathlib import Path

from flask import Flask

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.api.parties import make_parties
from services.registration.api.private import make_private
from services.registration.api.smorest import make_api
from services.registration.desk import Desk
from services.registration.errors import answer_refusals
from services.registration.pages.sessions import FormSessions
from services.registration.pages.site import make_pages
from services.registration.settings import Settings
from services.registration.worker import FACT_HANDLERS, sweep
from shared.clock import SystemClock
from shared.db import Pool, open_pool
from shared.inbox import Inbox
from shared.logs import set_up_logs
from shared.migrations import migrate as migrate_database
from shared.process import serve
from shared.reader import EventReader
from shared.relay import Relay
from shared.routes import QUEUES
from shared.web import make_app
from shared.worker import Ticking, make_celery, run_worker

SERVICE = "registration"
MIGRATIONS = Path(__file__).parent / "migrations"
PROCESSES = ("reader", "relay", "worker")


def settings_for(process: str) -> Settings:
    """The settings, with logs set up."""
    settings = Settings.read(os.environ)
    set_up_logs(f"{SERVICE}-{process}", settings.log_format)
    return settings


def make_web(settings: Settings, pool: Pool) -> Flask:
    """The web application."""
    app = make_app(
        "services.registration.pages",
        secret=settings.secret_key,
        pool=pool,
        redis_url=settings.redis_url,
        expects=PROCESSES,
    )
    app.session_interface = FormSessions()
    app.config["SESSION_COOKIE_SECURE"] = settings.url.startswith("https:")
    links = Links(settings.secret_key, settings.url)
    desk = Desk(pool, SystemClock(), CityMemory(pool), Contacts(), links)
    api = make_api(app)
    api.register_blueprint(make_parties(desk))
    api.register_blueprint(make_private(desk))
    app.register_blueprint(make_pages(desk))
    answer_refusals(app)
    return app


def migrate() -> None:
    """Bring the database to the newest version."""
    settings = settings_for("migrate")
    migrate_database(settings.database_url, MIGRATIONS)


def web() -> None:
    """Serve the form, the hosts' pages and the API."""
    settings = settings_for("web")

    def make() -> Flask:
        most = settings.web_threads + 1
        return make_web(settings, open_pool(settings.database_url, most=most, name="web"))

    serve(
        make,
        bind=settings.bind,
        port=settings.port,
        threads=settings.web_threads,
        workers=settings.web_workers,
    )


def worker() -> None:
    """Hear facts from other services, and sweep."""
    settings = settings_for("worker")
    pool = open_pool(settings.database_url, name="worker")
    inbox = Inbox(pool, SystemClock(), FACT_HANDLERS)
    run_worker(
        make_celery(SERVICE, settings.redis_url),
        instance=settings.instance,
        pool=pool,
        queues=QUEUES[SERVICE],
        ticking=Ticking("worker", QUEUES[SERVICE][0], lambda: sweep(pool)),
        reader=EventReader(SERVICE, settings.instance, settings.redis_url, pool, inbox),
    )


def relay() -> None:
    """Carry the outbox to Redis."""
    settings = settings_for("relay")
    Relay(SERVICE, settings.database_url, settings.redis_url).run()


def make_inbox() -> Inbox:
    """The inbox, for replaying dead letters."""
    settings = settings_for("cli")
    return Inbox(open_pool(settings.database_url, most=1), SystemClock(), FACT_HANDLERS)
