"""The edge to messages: fact handlers for the inbox, the planning task, the tick."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import psycopg
from celery import Celery
from psycopg_pool import PoolTimeout

from services.dispatch.adapters.acting import acting_of, session_of
from services.dispatch.adapters.advisory_lock import AdvisoryLock
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.postgres_drafts import PostgresDrafts
from services.dispatch.adapters.postgres_field import PostgresPositions
from services.dispatch.adapters.postgres_forgetting import PostgresForgetting, forget_documents
from services.dispatch.adapters.postgres_ledger import PostgresBoards, PostgresLedger
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities
from services.dispatch.adapters.postgres_replies import PostgresReplies
from services.dispatch.adapters.postgres_staffing import PostgresStaffing
from services.dispatch.domain.checker import check
from services.dispatch.handlers import hearing
from services.dispatch.handlers.forgetting import forget_parties
from services.dispatch.handlers.publishing import Session
from services.dispatch.handlers.replying import hear_replies
from services.dispatch.planning import Check, Planning, plan_city
from services.dispatch.ports.planning import Improver, Planner, Replanner, TravelTimes
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.db import Connection, Pool
from shared.inbox import FactHandler
from shared.logs import log
from shared.routes import QUEUES
from shared.work import Work, begin
from shared.worker import hint

PLAN_CITY = "dispatch.plan_city"
MAKE_DRAFTS = "dispatch.make_drafts"
TICKS, PLANNING = QUEUES["dispatch"]

PATIENCE, MOST_PATIENCE = 1.0, 30.0

Hint = Callable[[str], None]


def hint_planning(app: Celery) -> Hint:
    """Asks the planning queue to look at a city soon."""
    return lambda city: hint(app, PLAN_CITY, PLANNING, city=city)


def hint_drafting(app: Celery) -> Hint:
    """Asks the planning queue to make a city's waiting drafts soon."""
    return lambda city: hint(app, MAKE_DRAFTS, PLANNING, city=city)


def fact_handlers(hint_city: Hint) -> dict[str, FactHandler]:
    """What the inbox does with each fact that dispatch hears."""

    def cities(work: Work, facts: Sequence[Envelope]) -> None:
        conn = work.conn
        ports = (PostgresLedger(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
        crewing = hearing.Crewing(PostgresStaffing(conn), work)
        _hint_later(work, hint_city, hearing.keep_cities(*ports, facts, work.now, crewing))

    def parties(work: Work, facts: Sequence[Envelope]) -> None:
        conn = work.conn
        ports = (PostgresLedger(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
        _hint_later(work, hint_city, hearing.keep_parties(*ports, facts, work.now))

    def forgotten(work: Work, facts: Sequence[Envelope]) -> None:
        conn = work.conn
        ports = (PostgresLedger(conn), PostgresForgetting(conn), PostgresBoards(conn))
        forget_parties(*ports, facts, work.now)

    def messages(work: Work, facts: Sequence[Envelope]) -> None:
        ports = (PostgresLedger(work.conn), PostgresBoards(work.conn))
        hearing.keep_messages(*ports, facts, work.now)

    def replies(work: Work, facts: Sequence[Envelope]) -> None:
        acted = hear_replies(acting_of(work), PostgresReplies(work.conn), facts)
        _hint_later(work, hint_city, sorted(set(acted)))

    return {
        "city.configured.v1": cities,
        "party.registered.v1": parties,
        "party.amended.v1": parties,
        "party.withdrawn.v1": parties,
        "party.forgotten.v1": forgotten,
        "message.sent.v1": messages,
        "message.failed.v1": messages,
        "host.replied.v1": replies,
    }


def _hint_later(work: Work, hint_city: Hint, cities: Sequence[str]) -> None:
    for city in cities:
        work.after_commit(partial(hint_city, city))


@dataclass(frozen=True, slots=True)
class Means:
    """How to plan. As it stands: by insertion and estimates, which needs no time to start.

    Without a `replanner` a running evening stays as it is.
    """

    planner: Planner = field(default_factory=Insertion)
    improver: Improver | None = None
    replanner: Replanner | None = None
    check: Check = check
    travel: TravelTimes = field(default_factory=GreatCircle)


def make_planning(
    pool: Pool, clock: Clock, connect: Callable[[], Connection], means: Means | None = None
) -> Planning:
    """Planning on PostgreSQL."""
    means = means or Means()

    @contextmanager
    def session() -> Iterator[Session]:
        with begin(pool, clock) as work:
            yield session_of(work)

    return Planning(
        begin=session,
        lock=AdvisoryLock(connect),
        planner=means.planner,
        improver=means.improver,
        replanner=means.replanner,
        check=means.check,
        travel=means.travel,
        pause=threading.Event().wait,
        complain=lambda city, broken: log().error("a plan was refused", city=city, broken=broken),
    )


def register_planning(app: Celery, planning: Planning) -> None:
    """Make the planning task known to the planner's Celery worker."""

    def plan(city: str) -> None:
        try:
            rounds = plan_city(planning, city)
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log().warning("planning waits for the database", city=city, fault=str(fault).strip())
            return
        log().info("planned", city=city, rounds=rounds)

    app.task(name=PLAN_CITY)(plan)


def register_drafting(app: Celery, make: Callable[[str], int]) -> None:
    """Make the drafting task known to the planner's Celery worker."""

    def draft(city: str) -> None:
        try:
            made = make(city)
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log().warning("drafting waits for the database", city=city, fault=str(fault).strip())
            return
        if made:
            log().info("drafted", city=city, drafts=made)

    app.task(name=MAKE_DRAFTS)(draft)


@dataclass(frozen=True, slots=True)
class _Asked:
    """When a city's planning was last asked for, and how long to wait before asking again."""

    generation: int
    at: float
    patience: float


def _unheard(_city: str) -> None:
    """A sweep for plans alone."""


@dataclass
class Sweep:
    """Hints cities that are out of date and not being planned: an earlier hint may be lost.

    For one and the same change it grows more patient each time, up to half a minute, so that
    neither an absent planner nor a failing plan heaps up hints. Drafts that wait are hinted too.
    """

    pool: Pool
    hint_city: Hint
    clock: Callable[[], float] = time.monotonic
    hint_drafts: Hint = _unheard
    _asked: dict[str, _Asked] = field(default_factory=dict)

    def __call__(self) -> None:
        """Look once."""
        with self.pool.connection() as conn:
            neglected = PostgresDirtyCities(conn).neglected()
            drafting = PostgresDrafts(conn).waiting()
        for city in drafting:
            self.hint_drafts(city)
        self._asked = {city: a for city, a in self._asked.items() if city in neglected}
        for city, generation in neglected.items():
            self._consider(city, generation)

    def _consider(self, city: str, generation: int) -> None:
        before, now = self._asked.get(city), self.clock()
        if before is None or before.generation != generation:
            self._asked[city] = _Asked(generation, now, PATIENCE)
        elif now < before.at + before.patience:
            return
        else:
            longer = min(2 * before.patience, MOST_PATIENCE)
            self._asked[city] = _Asked(generation, now, longer)
        self.hint_city(city)


@dataclass
class OffDuty:
    """Forgets, once a minute, where teams are whose shift is over: nobody is followed home."""

    pool: Pool
    clock: Clock
    pause: timedelta = timedelta(minutes=1)
    _done_at: datetime | None = None

    def __call__(self) -> None:
        """Look, unless that was done a moment ago."""
        now = self.clock.now()
        if self._done_at and now - self._done_at < self.pause:
            return
        self._done_at = now
        with self.pool.connection() as conn:
            for city in PostgresPositions(conn).forget_off_duty(now):
                PostgresBoards(conn).changed(city, now)


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Takes forgotten parties out of long documents, once for all that have come meanwhile."""

    pool: Pool
    clock: Clock

    def __call__(self) -> None:
        """Look once."""
        with begin(self.pool, self.clock) as work:
            forget_documents(work.conn)
