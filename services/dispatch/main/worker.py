"""The `worker` role of dispatch, and the command for its dead letters."""

import os

from services.dispatch.adapters.acting import ClockedNights, sessions
from services.dispatch.handlers.watching import Watch
from services.dispatch.main.parts import SERVICE, settings_for
from services.dispatch.settings import Settings
from services.dispatch.worker import (
    TICKS,
    Forgetting,
    OffDuty,
    Sweep,
    fact_handlers,
    hint_drafting,
    hint_planning,
)
from shared import dead_letters_cli
from shared.clock import SystemClock
from shared.db import open_pool
from shared.inbox import Inbox
from shared.reader import EventReader
from shared.worker import Ticking, make_celery, run_worker


def worker() -> None:
    """Read facts, mark cities, sweep."""
    settings = settings_for("worker")
    pool = open_pool(settings.database_url, name="dispatch-worker")
    app = make_celery(SERVICE, settings.redis_url)
    hint_city = hint_planning(app)
    inbox = Inbox(pool, SystemClock(), fact_handlers(hint_city))
    clock = SystemClock()
    sweep = Sweep(pool, hint_city, hint_drafts=hint_drafting(app))
    off_duty = OffDuty(pool, clock)
    forgetting = Forgetting(pool, clock)
    watch = Watch(sessions(pool, clock), ClockedNights(pool, clock), hint_city)

    def tick() -> None:
        sweep()
        watch()
        off_duty()
        forgetting()

    run_worker(
        app,
        instance=settings.instance,
        pool=pool,
        queues=(TICKS,),
        ticking=Ticking("worker", TICKS, tick),
        reader=EventReader(SERVICE, settings.instance, settings.redis_url, pool, inbox),
    )


def make_inbox() -> Inbox:
    """The inbox, for replaying dead letters."""
    settings = settings_for("cli")
    pool = open_pool(settings.database_url, most=1, name="dispatch-cli")
    app = make_celery(SERVICE, settings.redis_url)
    return Inbox(pool, SystemClock(), fact_handlers(hint_planning(app)))


letters = dead_letters_cli.commands(
    SERVICE, lambda: Settings.read(os.environ).database_url, make_inbox
)
