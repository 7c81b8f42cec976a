"""A smallest publisher and subscriber as real processes: `python -m benchmarks.probe ROLE`.

Roles: `relay` (of the publisher), `reader` (a Celery worker of the subscriber with its event
reader), `reader-alone` (the same without Celery around it), `celery` (a stock Celery worker whose
task has the same effect). The effect is one inserted row. Only benchmarks and fault runs use it.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
from celery import Celery

from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.db import connect, open_pool
from shared.inbox import Inbox
from shared.logs import set_up_logs
from shared.reader import EventReader
from shared.relay import Relay
from shared.tables import PLUMBING
from shared.work import Work
from shared.worker import Ticking, make_celery, run_worker

FACT = "message.sent.v1"
PUBLISHER, SUBSCRIBER = "notify", "registration"
QUEUE = "registration.ticks"


def prepare(url: str) -> None:
    """Give an empty database the plumbing and a table of effects."""
    with connect(url, "probe") as conn:
        conn.execute(PLUMBING.encode())
        conn.execute("create table effects (event_id uuid, city text, template text)")


def relay() -> None:
    """Relay the publisher's outbox until told to stop."""
    carrier = Relay(PUBLISHER, os.environ["PUBLISHER_URL"], os.environ["REDIS_URL"])
    signal.signal(signal.SIGTERM, lambda *_: carrier.stop.set())
    carrier.run()


def _record(work: Work, facts: Sequence[Envelope]) -> None:
    rows = [(f.id, f.city, f.data.template) for f in facts]
    with work.conn.cursor() as cursor:
        cursor.executemany("insert into effects values (%s, %s, %s)", rows)
    if note := os.environ.get("APPLIED_NOTE"):
        ids = [f.id for f in facts]
        work.after_commit(lambda: _note(Path(note), ids))


def _note(file: Path, ids: list[str]) -> None:
    now = time.time()
    with file.open("a") as lines:
        lines.writelines(f"{identity} {now}\n" for identity in ids)


def _reader() -> EventReader:
    pool = open_pool(os.environ["SUBSCRIBER_URL"], name="probe")
    inbox = Inbox(pool, SystemClock(), {FACT: _record})
    return EventReader(SUBSCRIBER, "probe", os.environ["REDIS_URL"], pool, inbox)


def reader() -> None:
    """A real worker process of the subscriber, its event reader inside."""
    app = make_celery(SUBSCRIBER, os.environ["REDIS_URL"])
    pool = open_pool(os.environ["SUBSCRIBER_URL"], name="probe-ticks")
    ticking = Ticking("worker", QUEUE, lambda: None)
    run_worker(app, instance="probe", pool=pool, queues=(QUEUE,), ticking=ticking, reader=_reader())


def reader_alone() -> None:
    """The event reader without Celery around it."""
    loop = _reader()
    signal.signal(signal.SIGTERM, lambda *_: loop.stop.set())
    loop.run()


def plain_app() -> Celery:
    """A Celery application as its documentation sets one up, with late acknowledgement."""
    app = Celery("plain", broker=os.environ["REDIS_URL"])
    app.conf.update(task_acks_late=True, task_ignore_result=True, task_default_queue="plain")
    held: list[psycopg.Connection[tuple[object, ...]]] = []

    @app.task(name="plain.record")  # type: ignore[untyped-decorator]  # Celery is untyped
    def record(event_id: str, city: str, template: str) -> None:
        if not held:
            held.append(connect(os.environ["SUBSCRIBER_URL"], "plain"))
        held[0].execute("insert into effects values (%s, %s, %s)", (event_id, city, template))

    return app


def celery() -> None:
    """A stock Celery worker (prefork, one child) whose task inserts the same row."""
    plain_app().worker_main(["worker", "-c", "1", "--loglevel=ERROR", "-Q", "plain"])


ROLES: dict[str, Callable[[], None]] = {
    "relay": relay,
    "reader": reader,
    "reader-alone": reader_alone,
    "celery": celery,
}

if __name__ == "__main__":
    set_up_logs(f"probe-{sys.argv[1]}")
    ROLES[sys.argv[1]]()
