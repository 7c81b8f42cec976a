"""What handing a message over costs, and how long it takes: `python -m benchmarks.notify`.

Handing over: messages that wait as rows go to a provider on this machine, against a bare loop of
the same HTTP calls by the same client in the same process, on one core. Trust the ratio, not the
rates.

Waiting: visits that teams set out for are published at a steady pace to a real worker, while a
broadcast waits for the same provider; the time is from the commit of the fact to its request.
"""

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import httpx
import psycopg
from psycopg import sql

from benchmarks.bench import one_core, wait_until
from benchmarks.notify_rows import HOSTS, NIGHT, city, en_route, go_live, registered, write_texts
from local.ports import any_free
from local.servers import EmbeddedServers
from services.notify.adapters.mail import Sender
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.shifts import open_shift
from services.notify.adapters.twilio import Twilio, TwilioAccount
from services.notify.adapters.watch import ProviderWatch
from services.notify.domain.codes import CodeMaker
from services.notify.domain.messages import Claimant
from services.notify.handlers.handing_over import hand_over
from services.notify.ports.handing import Office
from services.notify.ports.senders import Senders
from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.db import Pool, count, open_pool
from shared.logs import set_up_logs
from shared.migrations import migrate
from shared.relay import Relay
from shared.work import begin

ROOT = Path(__file__).parent.parent
SID = "AC" + "0" * 32
NUMBERS = tuple(f"+1626555000{i}" for i in range(4))
CLOCK = SystemClock()


@dataclass(frozen=True)
class Cost:
    """Messages a second of the clock, and of the process's own CPU."""

    per_second: float
    per_cpu_second: float


@contextmanager
def provider(folder: Path) -> Iterator[tuple[str, Path]]:
    """The provider in a process on the last core; its address, and where it notes what it took."""
    port, notes = any_free(), folder / "taken"
    notes.touch()
    with one_core(1):
        command = [sys.executable, "-m", "benchmarks.loopback", str(port), str(notes)]
        process = subprocess.Popen(command, cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(url))
        yield url, notes
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False


def database(servers: EmbeddedServers, service: str) -> str:
    """A fresh database of the service."""
    name = f"bench_{service}_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(servers.admin_url, autocommit=True) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    url = servers.admin_url.rpartition("/")[0] + "/" + name
    migrate(url, ROOT / "services" / service / "migrations")
    return url


def account(url: str) -> TwilioAccount:
    """The provider as an account at Twilio."""
    return TwilioAccount(url, SID, SID, "token", NUMBERS, "https://m.example.org/status")


def ours(pool: Pool, url: str, number: int, at_once: int) -> Cost:
    """Hand over `number` texts that wait as rows: claimed, handed over, recorded and told of."""
    with pool.connection() as conn:
        conn.execute("truncate messages, outbox")
        write_texts(conn, "bulk", "storm", number)
    outbox = Sandbox(pool, CLOCK, Sender("nno@example.org"), None)
    twilio = Twilio(account(url), CLOCK, at_once=at_once)
    senders = Senders(twilio, outbox, outbox=outbox)
    opened = partial(open_shift, pool, CLOCK)
    office = Office(
        opened, senders, Claimant("bench", "1"), ProviderWatch(CLOCK), CodeMaker("bench")
    )
    began, cpu = time.perf_counter(), time.process_time()
    while hand_over("bulk", office):
        pass
    took = Cost(number / (time.perf_counter() - began), number / (time.process_time() - cpu))
    with pool.connection() as conn:
        assert count(conn, "messages where state = 'sent'") == number
    return took


def bare(url: str, number: int) -> Cost:
    """The same HTTP calls and nothing else."""
    place = account(url)
    with httpx.Client(auth=(SID, "token"), timeout=8) as http:
        began, cpu = time.perf_counter(), time.process_time()
        for i in range(number):
            form = {
                "To": f"+1626555{i:04}",
                "Body": "storm",
                "From": NUMBERS[i % 4],
                "StatusCallback": f"{place.callback_url}?message=storm{i}",
                "ValidityPeriod": "7200",
            }
            http.post(place.messages_url, data=form).raise_for_status().json()
        return Cost(number / (time.perf_counter() - began), number / (time.process_time() - cpu))


@contextmanager
def saying(service: str, url: str, redis_url: str) -> Iterator[Pool]:
    """Something that publishes as the service does, and its relay."""
    relay = Relay(service, url, redis_url)
    carrying = threading.Thread(target=relay.run, daemon=True)
    with open_pool(url, name=service) as pool:
        carrying.start()
        try:
            yield pool
        finally:
            relay.stop.set()
            carrying.join(timeout=10)


def say(pool: Pool, envelopes: Sequence[Envelope]) -> None:
    """Publish all of them in one transaction."""
    with begin(pool, CLOCK) as work:
        for one in envelopes:
            work.publish(one.data, city=one.city, subject=one.subject, revision=one.revision)


@contextmanager
def worker(url: str, redis_url: str, provider_url: str, rate: float) -> Iterator[None]:
    """The real worker of notify."""
    environ = {
        **os.environ,
        "NOTIFY_DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "bench",
        "INSTANCE": "bench",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_FROM": " ".join(NUMBERS),
        "TWILIO_BASE_URL": provider_url,
        "SMS_RATE": str(rate),
    }
    command = [sys.executable, "-m", "services.notify", "worker"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def waits(servers: EmbeddedServers, folder: Path, per_second: float, rate: float) -> list[float]:
    """Milliseconds from each visit's commit to its request, while a broadcast goes on."""
    url, said = database(servers, "notify"), database(servers, "notify")
    with ExitStack() as stack:
        provider_url, notes = stack.enter_context(provider(folder))
        hosts = stack.enter_context(saying("registration", said, servers.redis_url))
        teams = stack.enter_context(
            saying("dispatch", database(servers, "notify"), servers.redis_url)
        )
        pool = stack.enter_context(open_pool(url, name="bench"))
        with pool.connection() as conn:
            go_live(conn)
        stack.enter_context(worker(url, servers.redis_url, provider_url, rate))
        say(hosts, [city(), *(registered(n) for n in range(HOSTS))])
        wait_until(lambda: _told(pool) >= HOSTS)
        with pool.connection() as conn:
            write_texts(conn, "bulk", "storm", 1500)
        committed = _set_out(teams, per_second)
        wait_until(lambda: len(_taken(notes)) >= HOSTS, seconds=60)
        taken = _taken(notes)
    return [(taken[to] - at) * 1000 for to, at in committed.items() if to in taken]


def _told(pool: Pool) -> int:
    with pool.connection() as conn:
        return count(conn, "messages where template = 'received' and state = 'sent'")


def _set_out(teams: Pool, per_second: float) -> dict[str, float]:
    """Publish one visit after the other; number of the host -> moment of the commit."""
    committed, begun = {}, time.monotonic()
    for n in range(HOSTS):
        time.sleep(max(0.0, begun + n / per_second - time.monotonic()))
        say(teams, [en_route(n)])
        committed[NIGHT.phone(n)] = time.time()
    return committed


def _taken(notes: Path) -> dict[str, float]:
    """When the last message to each host's number was taken."""
    pairs = (line.split() for line in notes.read_text().splitlines())
    known = {to: float(at) for at, to in pairs if to.startswith(NIGHT.prefix)}
    return known


@click.command()
@click.option("--texts", default=2_000, help="Texts in each round of handing over.")
@click.option("--rounds", default=3, help="Rounds; medians are printed.")
@click.option("--pace", default=10.0, help="Visits a second that teams set out for.")
@click.option("--rate", default=25.0, help="Segments a second that each of four numbers takes.")
def main(texts: int, rounds: int, pace: float, rate: float) -> None:
    """Print both."""
    _log_to_nowhere()
    folder = Path(tempfile.mkdtemp())
    click.echo(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with EmbeddedServers(folder / "servers", say=lambda _: None) as servers:
        found = _compare(servers, folder, texts, rounds)
        for name, costs in found.items():
            wall = statistics.median(c.per_second for c in costs)
            cpu = statistics.median(c.per_cpu_second for c in costs)
            click.echo(f"{name:<22}{wall:>8,.0f} a second {cpu:>8,.0f} a second of its own CPU")
        late = sorted(waits(servers, folder, pace, rate))
    cuts = statistics.quantiles(late, n=100)
    click.echo(
        f"visit published -> handed over, {pace:g} a second beside a broadcast to 1,500 at"
        f" {4 * rate:g} segments a second: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms"
        f" ({len(late)} of {HOSTS})"
    )


def _log_to_nowhere() -> None:
    """A line for each message is part of the work, reading it is not."""
    set_up_logs("bench", "json")
    root = logging.getLogger()
    nowhere = logging.FileHandler(os.devnull)
    nowhere.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [nowhere]


def _compare(
    servers: EmbeddedServers, folder: Path, texts: int, rounds: int
) -> dict[str, list[Cost]]:
    url = database(servers, "notify")
    found: dict[str, list[Cost]] = {"bare loop": [], "ours, one by one": [], "ours, 8 at once": []}
    with provider(folder) as (place, _), open_pool(url, name="bench") as pool, one_core(0):
        with pool.connection() as conn:
            go_live(conn)
        for _ in range(rounds):
            found["bare loop"].append(bare(place, texts))
            found["ours, one by one"].append(ours(pool, place, texts, 1))
            found["ours, 8 at once"].append(ours(pool, place, texts, 8))
    return found


if __name__ == "__main__":
    main()
