"""Notify's composition root: settings, adapters, handlers and edges, wired once for each role."""

import os
import signal
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from celery import Celery
from flask import Flask

from services.notify.adapters.reading import Reading
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.smtp import Smtp
from services.notify.adapters.texts import TemplateWords
from services.notify.api.messages import messages_api
from services.notify.domain.messages import Claimant
from services.notify.pages.outbox import outbox_pages
from services.notify.ports import Office, Senders
from services.notify.settings import Settings
from services.notify.worker import HAND_OVER, QUEUES, Counter, Ears, Nudge, Rounds, open_shift
from shared import dead_letters_cli, process
from shared.clock import SystemClock
from shared.db import Pool, open_pool
from shared.ids import new_id
from shared.inbox import Inbox
from shared.logs import set_up_logs
from shared.migrations import migrate
from shared.reader import EventReader
from shared.relay import Relay
from shared.routes import QUEUES as ALL_QUEUES
from shared.web import make_app
from shared.worker import Ticking, hint, make_celery, run_worker

SERVICE = "notify"
MIGRATIONS = Path(__file__).parent / "migrations"
THREADS = 6
CLOCK = SystemClock()


def _settings(role: str) -> Settings:
    settings = Settings.read(os.environ)
    set_up_logs(f"{SERVICE}-{role}", settings.log_format)
    return settings


def make_senders(settings: Settings, pool: Pool) -> Senders:
    """The provider of each channel: the outbox, and SMTP for e-mail where it is configured."""
    sandbox = Sandbox(pool, CLOCK, settings.mail_sender, settings.outbox_dir)
    if settings.mail_server is None:
        return Senders(sandbox, sandbox)
    return Senders(sandbox, Smtp(settings.mail_server, settings.mail_sender, CLOCK))


def make_web(settings: Settings) -> Flask:
    """The web application on these settings."""
    pool = open_pool(settings.database_url, name=f"{SERVICE}-web")
    app = make_app(
        "services.notify.pages",
        secret=settings.secret,
        pool=pool,
        redis_url=settings.redis_url,
        expects=("worker", "relay"),
    )
    reading = Reading(pool, make_senders(settings, pool).names())
    app.register_blueprint(outbox_pages(reading, CLOCK, settings.registration_url))
    app.register_blueprint(messages_api(reading))
    return app


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything inside the worker."""

    pool: Pool
    celery: Celery
    rounds: Rounds
    counter: Counter
    inbox: Inbox


def make_workshop(settings: Settings) -> Workshop:
    """The worker's parts on these settings, ready to run."""
    pool = open_pool(settings.database_url, most=THREADS + 4, name=f"{SERVICE}-worker")
    celery = make_celery(SERVICE, settings.redis_url)
    nudge = _nudge(celery)
    ears = Ears(TemplateWords(), nudge)
    office = Office(
        partial(open_shift, pool, CLOCK),
        make_senders(settings, pool),
        Claimant(settings.instance, new_id()),
    )
    counter = Counter(office, nudge)
    celery.task(name=HAND_OVER)(counter.hand_over)
    inbox = Inbox(pool, CLOCK, ears.handlers())
    return Workshop(pool, celery, Rounds(pool, CLOCK, ears, office), counter, inbox)


def _nudge(celery: Celery) -> Nudge:
    return lambda lane: hint(celery, HAND_OVER, QUEUES[lane], lane=lane)


def migrations() -> None:
    """Bring the database to the newest version."""
    migrate(_settings("migrate").database_url, MIGRATIONS)


def web() -> None:
    """Serve the outbox page and the API."""
    settings = _settings("web")
    process.serve(
        partial(make_web, settings), bind=settings.bind, port=settings.port, threads=8, workers=1
    )


def worker() -> None:
    """Hear facts, decide what is told, hand messages over."""
    settings = _settings("worker")
    workshop = make_workshop(settings)
    reader = EventReader(
        SERVICE, settings.instance, settings.redis_url, workshop.pool, workshop.inbox
    )
    run_worker(
        workshop.celery,
        instance=settings.instance,
        pool=workshop.pool,
        queues=ALL_QUEUES[SERVICE],
        ticking=Ticking("worker", ALL_QUEUES[SERVICE][0], workshop.rounds.tick),
        reader=reader,
        concurrency=THREADS,
    )


def relay() -> None:
    """Carry notify's own facts to Redis."""
    settings = _settings("relay")
    carrier = Relay(SERVICE, settings.database_url, settings.redis_url)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: carrier.stop.set())
    carrier.run()


def commands() -> list[click.Command]:
    """The service's commands for people."""
    return [
        dead_letters_cli.commands(
            SERVICE,
            lambda: Settings.read(os.environ).database_url,
            lambda: make_workshop(Settings.read(os.environ)).inbox,
        )
    ]
