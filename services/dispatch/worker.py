"""The edge to messages: fact handlers for the inbox, the planning task, the tick."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from celery import Celery

from services.dispatch import handlers
from services.dispatch.adapters.advisory_lock import AdvisoryLock
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.postgres_ledger import PostgresBoards, PostgresLedger
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities, PostgresPlans
from services.dispatch.planning import Planning, Session, plan_city
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.db import Connection, Pool
from shared.inbox import FactHandler
from shared.logs import log
from shared.routes import QUEUES
from shared.work import Work, begin
from shared.worker import hint

PLAN_CITY = "dispatch.plan_city"
TICKS, PLANNING = QUEUES["dispatch"]

Hint = Callable[[str], None]


def hint_planning(app: Celery) -> Hint:
    """Asks the planning queue to look at a city soon."""
    return lambda city: hint(app, PLAN_CITY, PLANNING, city=city)


def fact_handlers(hint_city: Hint) -> dict[str, FactHandler]:
    """What the inbox does with each fact that dispatch hears."""

    def cities(work: Work, facts: Sequence[Envelope]) -> None:
        conn = work.conn
        ports = (PostgresLedger(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
        _hint_later(work, hint_city, handlers.keep_cities(*ports, facts, work.now))

    def parties(work: Work, facts: Sequence[Envelope]) -> None:
        conn = work.conn
        ports = (PostgresLedger(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
        _hint_later(work, hint_city, handlers.keep_parties(*ports, facts, work.now))

    def messages(work: Work, facts: Sequence[Envelope]) -> None:
        ports = (PostgresLedger(work.conn), PostgresBoards(work.conn))
        handlers.keep_messages(*ports, facts, work.now)

    return {
        "city.configured.v1": cities,
        "party.registered.v1": parties,
        "party.amended.v1": parties,
        "party.withdrawn.v1": parties,
        "message.sent.v1": messages,
        "message.failed.v1": messages,
    }


def _hint_later(work: Work, hint_city: Hint, cities: Sequence[str]) -> None:
    for city in cities:
        work.after_commit(lambda city=city: hint_city(city))  # type: ignore[misc]


def make_planning(pool: Pool, clock: Clock, connect: Callable[[], Connection]) -> Planning:
    """Planning on PostgreSQL with the planner and the travel times of this version."""

    @contextmanager
    def session() -> Iterator[Session]:
        with begin(pool, clock) as work:
            conn = work.conn
            stores = (PostgresPlans(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
            yield Session(*stores, work, work.now)

    return Planning(
        begin=session,
        lock=AdvisoryLock(connect),
        planner=Insertion(),
        travel=GreatCircle(),
        pause=threading.Event().wait,
        complain=lambda city, broken: log().error("a plan was refused", city=city, broken=broken),
    )


def register_planning(app: Celery, planning: Planning) -> None:
    """Make the planning task known to the planner's Celery worker."""

    def plan(city: str) -> None:
        rounds = plan_city(planning, city)
        log().info("planned", city=city, rounds=rounds)

    app.task(name=PLAN_CITY)(plan)


def sweep(pool: Pool, hint_city: Hint) -> None:
    """Hint every city whose plan is out of date: the hint after its change may have been lost."""
    with pool.connection() as conn:
        waiting = PostgresDirtyCities(conn).waiting()
    for city in waiting:
        hint_city(city)
