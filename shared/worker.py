"""A service's Celery worker: its settings, the event reader and the ticker inside it, hints.

A task is only a hint that some row is due; the row is the truth, and the tick sweeps up after
hints that were lost. Measured reasons for the settings: docs/decisions/0003-celery-settings.md.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from celery import Celery, Task, bootsteps
from celery.app.amqp import AMQP
from celery.signals import setup_logging, task_failure
from kombu.connection import Connection
from kombu.exceptions import KombuError
from psycopg_pool import PoolTimeout

from shared import dead_letters
from shared.db import Pool
from shared.heartbeats import beat
from shared.logs import correlated, correlation, log
from shared.reader import EventReader
from shared.redis import RedisError
from shared.routes import PREFIX, QUEUES

TICK_SECONDS = 1.0
HINT_SECONDS = 15.0


class PorchlightTask(Task):
    """Every task logs its queue, its retries and how long it took, under its correlation id."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        began = time.monotonic()
        headers = self.request.headers or {}
        with correlated(str(headers.get("correlation") or correlation())):
            try:
                return super().__call__(*args, **kwargs)
            finally:
                self._tell(time.monotonic() - began)

    def _tell(self, seconds: float) -> None:
        tell = log().debug if self.name.endswith(".tick") else log().info
        tell(
            "task ran",
            task=self.name,
            queue=(self.request.delivery_info or {}).get("routing_key"),
            retries=self.request.retries,
            ms=round(seconds * 1000),
        )


class _SoonConnection(Connection):
    """Looks for a lost broker every second or two; Celery's own pause grows to half a minute."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        pauses = {"interval_start": 0.5, "interval_step": 0.5, "interval_max": 2}
        return super().ensure_connection(*args, **(kwargs | pauses))  # type: ignore[no-untyped-call]  # kombu has no types


class _Broker(AMQP):
    Connection = _SoonConnection


def make_celery(service: str, redis_url: str) -> Celery:
    """The service's Celery application; it connects only when it is used."""
    app = Celery(service, broker=redis_url, task_cls=PorchlightTask, amqp=_Broker)
    app.conf.update(
        task_default_exchange="",
        task_default_queue=QUEUES[service][0],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_serializer="json",
        accept_content=["json"],
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=0,
        worker_hijack_root_logger=False,
        worker_soft_shutdown_timeout=3.0,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 600,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "unacked_key": f"{PREFIX}:unacked:{service}",
            "unacked_index_key": f"{PREFIX}:unacked-index:{service}",
            "unacked_mutex_key": f"{PREFIX}:unacked-mutex:{service}",
            "socket_connect_timeout": 2,
            "socket_timeout": 10,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "retry_on_timeout": False,
        },
    )
    return app


def hint(app: Celery, task: str, queue: str, **kwargs: Any) -> None:
    """Ask for `task` soon; a broker that does not answer costs a log line, never the caller."""
    try:
        app.send_task(
            task,
            kwargs=kwargs,
            queue=queue,
            expires=HINT_SECONDS,
            retry=False,
            headers={"correlation": correlation()},
        )
    except (KombuError, RedisError, OSError) as fault:
        log().warning("a hint was lost; the sweep will find it", task=task, fault=str(fault))


@dataclass(frozen=True, slots=True)
class Ticking:
    """The once-a-second task of one worker process: where it runs and what it does.

    A process whose ticks are taken by the broker and not run for `patience_seconds` ends itself.
    """

    process: str
    queue: str
    tick: Callable[[], None]
    patience_seconds: float = 15.0


class _Ticker(threading.Thread):
    """Sends ticks, and ends the process when they are taken by the broker but never run."""

    def __init__(self, app: Celery, ticking: Ticking) -> None:
        super().__init__(name="ticker", daemon=True)
        self._app = app
        self._ticking = ticking
        self._answered_since = time.monotonic()
        self.last_run = time.monotonic()
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(TICK_SECONDS):
            if not self._send():
                self._answered_since = time.monotonic()
            elif (
                time.monotonic() - max(self.last_run, self._answered_since)
                > self._ticking.patience_seconds
            ):
                log().critical("no task has run for long; ending to be started again")
                os._exit(70)

    def _send(self) -> bool:
        name = f"{self._app.main}.{self._ticking.process}.tick"
        try:
            self._app.send_task(name, queue=self._ticking.queue, expires=5, retry=False)
        except (KombuError, RedisError, OSError):
            return False
        return True


def run_worker(
    app: Celery,
    *,
    instance: str,
    pool: Pool,
    queues: tuple[str, ...],
    ticking: Ticking,
    reader: EventReader | None = None,
    concurrency: int = 4,
) -> None:
    """Run the worker until it is told to stop: tasks on threads, reader and ticker beside them."""
    ticker = _Ticker(app, ticking)
    _register_tick(app, ticking, ticker, pool)
    _bury_failures(pool)
    setup_logging.connect(_leave_logging_alone, weak=False)
    app.steps["worker"].add(_threads_step(ticker, reader))
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool=threads",
            f"--concurrency={concurrency}",
            f"--queues={','.join(queues)}",
            f"--hostname={app.main}-{ticking.process}@{instance}",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "--loglevel=WARNING",
        ]
    )


def _register_tick(app: Celery, ticking: Ticking, ticker: _Ticker, pool: Pool) -> None:
    def tick() -> None:
        ticker.last_run = time.monotonic()
        try:
            with pool.connection() as conn:
                beat(conn, ticking.process)
            ticking.tick()
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log().warning("the tick waits for the database", fault=str(fault).strip())

    app.task(name=f"{app.main}.{ticking.process}.tick")(tick)


def _bury_failures(pool: Pool) -> None:
    """Keep a failed task as a dead letter, wherever it failed; a tick comes again by itself."""

    def bury(sender: Any = None, exception: Any = None, kwargs: Any = None, **_: Any) -> None:
        log().error("a task failed", task=sender.name, exc_info=exception)
        if sender.name.endswith(".tick"):
            return
        try:
            with pool.connection() as conn:
                dead_letters.bury(
                    conn,
                    publisher="task",
                    number=None,
                    type_=sender.name,
                    body=repr(kwargs).encode(),
                    error=repr(exception),
                    attempts=sender.request.retries + 1,
                )
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log().error("could not keep the failed task", fault=str(fault))

    task_failure.connect(bury, weak=False)


def _leave_logging_alone(**_: Any) -> None:
    """Having a receiver keeps Celery from setting up logging of its own."""


def _threads_step(ticker: _Ticker, reader: EventReader | None) -> type[bootsteps.StartStopStep]:
    reading = threading.Thread(target=reader.run, name="reader", daemon=True) if reader else None

    class ReaderAndTicker(bootsteps.StartStopStep):
        """Starts both threads with the worker and stops them before its pool goes."""

        requires = ("celery.worker.components:Pool",)

        def start(self, _worker: Any) -> None:
            ticker.start()
            if reading:
                reading.start()

        def stop(self, _worker: Any) -> None:
            ticker.stop.set()
            if reader and reading:
                reader.stop.set()
                reading.join(timeout=5)

    return ReaderAndTicker
