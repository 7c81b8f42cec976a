"""The `planner` role of dispatch."""

from functools import partial

from services.dispatch.main.means import means_of
from services.dispatch.main.parts import SERVICE, settings_for
from services.dispatch.planner import warm_up
from services.dispatch.preparing.making import Maker, make_waiting
from services.dispatch.worker import PLANNING, make_planning, register_drafting, register_planning
from shared.clock import SystemClock
from shared.db import connect, open_pool
from shared.heartbeats import announce
from shared.worker import Ticking, make_celery, run_worker

PATIENCE_SECONDS = 60.0
COMPILING = "compiles its search, which takes up to a minute the first time"


def planner() -> None:
    """Plan cities that are out of date."""
    settings = settings_for("planner")
    pool = open_pool(settings.database_url, name="dispatch-planner")
    if settings.plan_seconds:
        with pool.connection() as conn:
            announce(conn, "planner", COMPILING)
        warm_up()
    app = make_celery(SERVICE, settings.redis_url)
    locking = partial(connect, settings.database_url, "dispatch-planning-lock")
    means = means_of(settings)
    planning = make_planning(pool, SystemClock(), locking, means)
    register_planning(app, planning)
    maker = Maker(pool, SystemClock(), means.travel, planning.check)
    register_drafting(app, partial(make_waiting, maker))
    run_worker(
        app,
        instance=settings.instance,
        pool=pool,
        queues=(PLANNING,),
        ticking=Ticking("planner", PLANNING, lambda: None, PATIENCE_SECONDS),
    )
