"""The `worker` role of registration, and the command for its dead letters."""

import os

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.outlines import OutlineMemory
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.web_geocoders import make_web_geocoder
from services.registration.importing import Importer
from services.registration.looking_up import LookUps
from services.registration.main.parts import SERVICE, settings_for
from services.registration.purge_desk import PurgeDesk
from services.registration.settings import Settings
from services.registration.waiting_list import WaitingList
from services.registration.worker import Ears, fact_handlers, sweep
from shared import dead_letters_cli
from shared.clock import SystemClock
from shared.db import Pool, open_pool
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
    waiting = _waiting_list(settings, pool)
    look_ups = _look_ups(settings, pool)
    purges = PurgeDesk(pool, SystemClock(), CityMemory(pool), links)
    inbox = Inbox(pool, SystemClock(), fact_handlers(_ears(settings)))
    run_worker(
        make_celery(SERVICE, settings.redis_url),
        instance=settings.instance,
        pool=pool,
        queues=QUEUES[SERVICE],
        ticking=Ticking(
            "worker",
            QUEUES[SERVICE][0],
            lambda: _round(pool, waiting, importer, look_ups, purges),
        ),
        reader=EventReader(SERVICE, settings.instance, settings.redis_url, pool, inbox),
    )


def _round(
    pool: Pool, waiting: WaitingList, importer: Importer, look_ups: LookUps, purges: PurgeDesk
) -> None:
    sweep(pool)
    waiting.admit()
    look_ups.go_on()
    importer.go_on()
    purges.round()


def _waiting_list(settings: Settings, pool: Pool) -> WaitingList:
    links = Links(settings.secret_key, settings.url)
    return WaitingList(pool, SystemClock(), CityMemory(pool), links, Contacts())


def _look_ups(settings: Settings, pool: Pool) -> LookUps:
    links = Links(settings.secret_key, settings.url)
    other = make_web_geocoder(settings.geocoder_url) if settings.geocoder_url else None
    known = CityMemory(pool), links, Contacts(), OutlineMemory(pool)
    return LookUps(pool, SystemClock(), *known, other)


def make_inbox() -> Inbox:
    """The inbox, for replaying dead letters."""
    settings = settings_for("cli")
    pool = open_pool(settings.database_url, most=1)
    return Inbox(pool, SystemClock(), fact_handlers(_ears(settings)))


def _ears(settings: Settings) -> Ears:
    return Ears(Links(settings.secret_key, settings.url), Contacts())


letters = dead_letters_cli.commands(
    SERVICE, lambda: Settings.read(os.environ).database_url, make_inbox
)
