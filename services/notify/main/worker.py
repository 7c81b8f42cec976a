"""The `worker` role of notify, and the command for its dead letters."""

import os
from dataclasses import dataclass
from functools import partial

from celery import Celery

from services.notify.adapters.shifts import open_shift
from services.notify.adapters.texts import TemplateWords
from services.notify.adapters.watch import ProviderWatch
from services.notify.adapters.wordings import Wordings
from services.notify.domain.codes import CodeMaker
from services.notify.domain.messages import Claimant
from services.notify.main.parts import CLOCK, SERVICE, settings_for
from services.notify.main.providers import make_paces, make_senders
from services.notify.ports.handing import Office
from services.notify.settings import Settings
from services.notify.worker import HAND_OVER, QUEUES, Counter, Ears, Nudge, Rounds
from shared import dead_letters_cli
from shared.db import Pool, open_pool
from shared.ids import new_id
from shared.inbox import Inbox
from shared.reader import EventReader
from shared.routes import QUEUES as ALL_QUEUES
from shared.worker import Ticking, hint, make_celery, run_worker

THREADS = 6


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
    codes = CodeMaker(settings.secret)
    ears = Ears(TemplateWords(own=Wordings(pool)), nudge, codes)
    watch = ProviderWatch(CLOCK)
    office = Office(
        partial(open_shift, pool, CLOCK),
        make_senders(settings, pool),
        Claimant(settings.instance, new_id()),
        watch,
        codes,
        make_paces(settings),
    )
    counter = Counter(office, nudge)
    celery.task(name=HAND_OVER)(counter.hand_over)
    inbox = Inbox(pool, CLOCK, ears.handlers())
    rounds = Rounds(pool, CLOCK, ears, office, watch, files=settings.outbox_dir)
    return Workshop(pool, celery, rounds, counter, inbox)


def _nudge(celery: Celery) -> Nudge:
    return lambda lane: hint(celery, HAND_OVER, QUEUES[lane], lane=lane)


def worker() -> None:
    """Hear facts, decide what is told, hand messages over."""
    settings = settings_for("worker")
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


letters = dead_letters_cli.commands(
    SERVICE,
    lambda: Settings.read(os.environ).database_url,
    lambda: make_workshop(Settings.read(os.environ)).inbox,
)
