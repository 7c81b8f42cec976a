"""What every fault costs, on real processes: `python -m benchmarks.faults`.

A publisher commits facts at a steady pace while one fault strikes again and again; afterwards the
effects are counted. `lost` are facts without an effect, `doubled` effects beyond one a fact,
`stuck` entries that nobody acknowledged, `dead` dead letters (none of these facts is poison).
`resumed` is the time from the end of a strike to the effect of a fact committed after it.
"""

import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg

from benchmarks.bench import Bed, make_bed, make_facts, wait_until
from benchmarks.probe import PUBLISHER, SUBSCRIBER
from local.servers import EmbeddedServers
from shared.contracts.envelope import Envelope
from shared.db import connect
from shared.outbox import append
from shared.redis import RedisError
from shared.routes import group_of, stream_of

CATCH_UP_SECONDS = 60
FACTS_A_SECOND = 50.0


class KeptAlive:
    """A probe process that is started again whenever it dies, as a supervisor would."""

    def __init__(self, bed: Bed, role: str) -> None:
        self._bed = bed
        self._role = role
        self.process = bed.start(role)
        self._wanted = True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._wanted:
            self.process.wait()
            if self._wanted:
                self.process = self._bed.start(self._role)

    def stop(self) -> None:
        """Stop it for good."""
        self._wanted = False
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._thread.join()


@dataclass
class Scene:
    """A running publisher, relay and subscriber under fire."""

    bed: Bed
    relay: KeptAlive
    worker: KeptAlive
    freeze_seconds: float

    def signal_redis(self, number: int) -> None:
        """Send a signal to the Redis server."""
        self.bed.servers.supervisor.signal("valkey", number)

    def signal_postgres(self, number: int) -> None:
        """Send a signal to the PostgreSQL server and its children."""
        self.bed.servers.supervisor.signal("postgres", number)


Strike = Callable[[Scene], None]


def kill_worker(scene: Scene) -> None:
    """SIGKILL to the subscriber's worker."""
    scene.worker.process.kill()


def freeze_worker(scene: Scene) -> None:
    """The worker stands still for a while."""
    process = scene.worker.process
    process.send_signal(signal.SIGSTOP)
    time.sleep(scene.freeze_seconds)
    process.send_signal(signal.SIGCONT)


def kill_relay(scene: Scene) -> None:
    """SIGKILL to the publisher's relay."""
    scene.relay.process.kill()


def kill_redis(scene: Scene) -> None:
    """SIGKILL to Redis, which comes back from its append-only file of up to a second ago."""
    scene.signal_redis(signal.SIGKILL)


def freeze_redis(scene: Scene) -> None:
    """Redis takes connections and says nothing."""
    scene.signal_redis(signal.SIGSTOP)
    time.sleep(scene.freeze_seconds)
    scene.signal_redis(signal.SIGCONT)


def refuse_redis(scene: Scene) -> None:
    """Redis is away and its port refuses."""
    scene.bed.servers.supervisor.stop_one("valkey")
    time.sleep(scene.freeze_seconds)
    scene.bed.servers.supervisor.start_again("valkey")


def flush_redis(scene: Scene) -> None:
    """Redis loses everything: streams, groups and all."""
    _ask_redis(scene.bed.redis.flushall)


def repeat_facts(scene: Scene) -> None:
    """Everything still in the stream is added again, backwards."""

    def again() -> None:
        stream = stream_of(PUBLISHER)
        for _, fields in reversed(scene.bed.redis.xrange(stream)[-200:]):
            scene.bed.redis.xadd(stream, fields)

    _ask_redis(again)


def _ask_redis(ask: Callable[[], object]) -> None:
    try:
        ask()
    except RedisError as fault:
        click.echo(f"  (Redis did not answer the strike: {fault})", err=True)


def kill_postgres(scene: Scene) -> None:
    """SIGKILL to PostgreSQL and every backend."""
    scene.signal_postgres(signal.SIGKILL)


FAULTS: dict[str, Strike] = {
    "worker killed": kill_worker,
    "worker frozen": freeze_worker,
    "relay killed": kill_relay,
    "redis killed": kill_redis,
    "redis frozen": freeze_redis,
    "redis refusing": refuse_redis,
    "redis flushed empty": flush_redis,
    "facts repeated backwards": repeat_facts,
    "postgres killed": kill_postgres,
}


class Publisher(threading.Thread):
    """Commits facts at a steady pace: at least so many, and until it is told to end."""

    def __init__(self, url: str, least: int, per_second: float) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._least = least
        self._pause = 1 / per_second
        self.enough = threading.Event()
        self.slowest = 0.0
        self.last_id = ""

    def run(self) -> None:
        said = 0
        while said < self._least or not self.enough.is_set():
            (fact,) = make_facts(1)
            began = time.monotonic()
            self._say(fact)
            said += 1
            taken = time.monotonic() - began
            self.slowest = max(self.slowest, taken)
            time.sleep(max(0.0, self._pause - taken))

    def _say(self, fact: Envelope) -> None:
        """One commit on a held connection; where the database dies the fact may or may not be."""
        try:
            self._connection().execute("select 1")
            with self._connection().transaction():
                append(self._connection(), [fact])
            self.last_id = fact.id
        except psycopg.OperationalError:
            self._held = None
            time.sleep(0.1)

    _held: "psycopg.Connection[tuple[object, ...]] | None" = None

    def _connection(self) -> "psycopg.Connection[tuple[object, ...]]":
        if self._held is None:
            self._held = connect(self._url, "publisher")
        return self._held


@dataclass(frozen=True)
class Row:
    """What one fault did."""

    fault: str
    strikes: int
    said: int
    lost: int
    doubled: int
    stuck: int
    dead: int
    resumed: list[float]
    slowest: float

    def text(self) -> str:
        """The row of the table."""
        middle = statistics.median(self.resumed) if self.resumed else 0.0
        worst = max(self.resumed, default=0.0)
        return (
            f"{self.fault:<26}{self.strikes:>8}{self.said:>8}{self.lost:>6}{self.doubled:>9}"
            f"{self.stuck:>7}{self.dead:>6}{middle:>10.2f}{worst:>8.2f}{self.slowest * 1000:>12.0f}"
        )


HEAD = (
    f"{'fault':<26}{'strikes':>8}{'facts':>8}{'lost':>6}{'doubled':>9}{'stuck':>7}{'dead':>6}"
    f"{'resumed':>10}{'worst':>8}{'slowest ms':>12}"
)


def run(name: str, bed: Bed, strikes: int, facts: int, freeze: float) -> Row:
    """One fault, struck `strikes` times while `facts` facts are said."""
    scene = Scene(bed, KeptAlive(bed, "relay"), KeptAlive(bed, "reader"), freeze)
    try:
        return _under_fire(name, scene, strikes, facts)
    finally:
        scene.worker.stop()
        scene.relay.stop()


def _under_fire(name: str, scene: Scene, strikes: int, facts: int) -> Row:
    publisher = Publisher(scene.bed.publisher_url, facts, FACTS_A_SECOND)
    publisher.start()
    wait_until(lambda: scene.bed.effects()[0] > 0, 30)
    resumed = []
    for _ in range(strikes):
        FAULTS[name](scene)
        resumed.append(_resumption(scene.bed, publisher))
    publisher.enough.set()
    publisher.join()
    wait_until(lambda: scene.bed.effects()[1] >= _said(scene.bed), CATCH_UP_SECONDS, 0.2)
    wait_until(lambda: _stuck(scene.bed) == 0, 15, 0.5)
    rows, distinct = scene.bed.effects()
    said = _said(scene.bed)
    return Row(
        name,
        len(resumed),
        said,
        said - distinct,
        rows - distinct,
        _stuck(scene.bed),
        _dead(scene.bed),
        [r for r in resumed if r >= 0],
        publisher.slowest,
    )


def _resumption(bed: Bed, publisher: Publisher) -> float:
    """Seconds until a fact committed from now on has its effect; minus one if none is said."""
    before = publisher.last_id
    if wait_until(lambda: publisher.last_id != before or not publisher.is_alive(), 30) < 0:
        return -1
    mark = publisher.last_id
    if mark == before:
        return -1
    return wait_until(lambda: _applied(bed, mark), CATCH_UP_SECONDS)


def _applied(bed: Bed, event_id: str) -> bool:
    query = "select count(*) from effects where event_id = %s"
    return bool(_ask(bed.subscriber_url, query, event_id))


def _ask(url: str, query: str, *values: str) -> int:
    try:
        with connect(url, "bench") as conn:
            row = conn.execute(query.encode(), values).fetchone()
    except psycopg.OperationalError:
        return 0
    return int(str(row[0])) if row else 0


def _said(bed: Bed) -> int:
    return _ask(bed.publisher_url, "select count(*) from outbox")


def _dead(bed: Bed) -> int:
    return _ask(bed.subscriber_url, "select count(*) from dead_letters")


def _stuck(bed: Bed) -> int:
    try:
        return int(bed.redis.xpending(stream_of(PUBLISHER), group_of(SUBSCRIBER))["pending"])
    except RedisError:
        return -1


@click.command()
@click.option("--facts", default=5_000, help="At least so many facts a fault.")
@click.option("--times", default=15, help="How often each fault strikes.")
@click.option("--kills", default=200, help="How often the worker is killed.")
@click.option("--freeze", default=10.0, help="Seconds that frozen or refusing things stay so.")
@click.option("--only", multiple=True, type=click.Choice(list(FAULTS)), help="Only these faults.")
def main(facts: int, times: int, kills: int, freeze: float, only: tuple[str, ...]) -> None:
    """Run every fault and print the table; exits 1 if anything was lost, doubled or stuck."""
    wrong = 0
    click.echo(HEAD)
    with EmbeddedServers(Path(tempfile.mkdtemp()), say=lambda _: None) as servers:
        for place, name in enumerate(only or FAULTS):
            strikes = kills if name == "worker killed" else times
            row = run(name, make_bed(servers, f"faults{place}"), strikes, facts, freeze)
            click.echo(row.text())
            wrong += row.lost + row.doubled + row.stuck + row.dead
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
