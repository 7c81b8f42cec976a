"""The `worker` role of registration, and the command for its dead letters."""

import os

from services.registration.adapters.links import Links
from services.registration.importing import Importer
from services.registration.main.parts import SERVICE, settings_for
from services.registration.settings import Settings
from services.registration.worker import FACT_HANDLERS, sweep
from shared import dead_letters_cli
from shared.clock import SystemClock
from shared.db import open_pool
from shared.inbox import Inbox
from shared.reader import EventReader
from shared.routes import QUEUES
from shared.worker import Ticking, make_celery, run_worker


def worker() -> None:
    """Hear facts from other services, and sweep."""
    settings = settings_for("worker")
    pool = open_pool(settings.database_url, name="worker")
    links = Links(settings.secret_key, settings.url)
    importer = Importer(pool, SystemClock(), links)
    inbox = Inbox(pool, SystemClock(), FACT_HANDLERS)
    run_worker(
        make_celery(SERVICE, settings.redis_url),
        instance=settings.instance,
        pool=pool,
        queues=QUEUES[SERVICE],
        ticking=Ticking("worker", QUEUES[SERVICE][0], lambda: sweep(pool, importer)),
        reader=EventReader(SERVICE, settings.instance, settings.redis_url, pool, inbox),
    )


def make_inbox() -> Inbox:
    """The inbox, for replaying dead letters."""
    settings = settings_for("cli")
    return Inbox(open_pool(settings.database_url, most=1), SystemClock(), FACT_HANDLERS)


letters = dead_letters_cli.commands(
    SERVICE, lambda: Settings.read(os.environ).database_url, make_inbox
)
