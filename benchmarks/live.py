"""From a tap to all consoles, and from a fact to a proposal: `python -m benchmarks.live`.

Real processes of dispatch on embedded servers. Teams tap at ten times the pace of a real night: at
each of 15 stops in four hours a team taps twice. Consoles hold an event stream each; some of them
fetch what changed, as a page does. The floor is one commit that is heard on a database connection.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks import live_city
from benchmarks.wire import whole_night
from local.servers import EmbeddedServers
from services.dispatch.worker import fact_handlers
from shared.clock import SystemClock
from shared.contracts.envelope import encode
from shared.db import connect, open_pool
from shared.ids import new_id
from shared.inbox import Delivery, Inbox
from shared.migrations import migrate
from shared.tokens import issue

ROOT = Path(__file__).parent.parent
SECRET = "s" * 40
STOPS, TAPS_A_STOP, HOURS, FASTER = 15, 2, 4, 10
PORT = 18_471


@dataclass
class Bed:
    """Dispatch's processes for one city."""

    url: str
    base: str
    headers: dict[str, str]
    web: int = 0

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, headers=self.headers, timeout=30)


@dataclass
class Console:
    """One console: its stream, and when it heard of each change."""

    fetches: bool
    heard: dict[int, float] = field(default_factory=dict)
    shown: dict[int, float] = field(default_factory=dict)
    bytes: int = 0


def main(arguments: list[str] | None = None) -> int:
    """Measure everything that was asked for."""
    options = _parser().parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedServers(Path(folder), say=lambda _: None) as servers,
    ):
        if options.consoles:
            with running(servers, "taps", 300, options.teams, options.plan_seconds) as bed:
                taps_to_consoles(bed, options)
        for parties, teams in options.sizes:
            name = f"facts_{parties}"
            with running(servers, name, parties, teams, options.plan_seconds) as bed:
                facts_to_proposals(bed, f"{parties}x{teams}", options.events)
    return 0


@contextmanager
def running(
    servers: EmbeddedServers, name: str, parties: int, teams: int, plan_seconds: float
) -> Iterator[Bed]:
    """Dispatch with a planned city whose evening has just begun."""
    url = live_city.fresh(servers.admin_url, name)
    migrate(url, ROOT / "services" / "dispatch" / "migrations")
    env = {
        **os.environ,
        "DISPATCH_DATABASE_URL": url,
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": SECRET,
        "PORT": str(PORT),
        "PLAN_SECONDS": str(plan_seconds),
    }
    pool = open_pool(url, name="bench")
    inbox = Inbox(pool, SystemClock(), fact_handlers(lambda _: None))
    for fact in live_city.facts(parties, teams):
        inbox.apply([Delivery("registration", fact.id, None, encode(fact))])
    pool.close()
    headers = {"Authorization": f"Bearer {issue(SECRET, 'administrator', '*', 1)}"}
    bed = Bed(url, f"http://127.0.0.1:{PORT}", headers)
    with ExitStack() as stack:
        for role in ("web", "worker", "planner"):
            process = stack.enter_context(_process(role, env))
            bed.web = bed.web or process.pid
        _await_plan(bed, parties)
        with bed.client() as client:
            _act(client, kind="open_night")
            _await_quiet(bed)
        yield bed


@contextmanager
def _process(role: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    log = None if os.environ.get("BENCH_LOG") else subprocess.DEVNULL
    command = [sys.executable, "-m", "services.dispatch", role]
    with subprocess.Popen(command, env=env, stdout=log, stderr=log) as process:
        try:
            yield process
        finally:
            process.terminate()


def _await_plan(bed: Bed, parties: int) -> None:
    with connect(bed.url, "bench") as conn:
        _until(lambda: _count(conn, "select count(*) from visits") == parties, 240)
    with bed.client() as client:
        _until(lambda: _answers(client), 60)
    _await_quiet(bed)


def _await_quiet(bed: Bed) -> None:
    with connect(bed.url, "bench") as conn:
        _until(lambda: _count(conn, "select count(*) from dirty_cities") == 0, 120)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get(f"/api/v1/cities/{live_city.CITY}/night").status_code == 200
    except httpx.HTTPError:
        return False


def _until(done: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit("The processes did not get there in time.")
        time.sleep(0.01)


def _count(conn: Any, query: str) -> int:
    return int(conn.execute(query).fetchone()[0])


def _act(client: httpx.Client, **over: Any) -> dict[str, Any]:
    body = {"id": new_id(), **over}
    answer = client.post(f"/api/v1/cities/{live_city.CITY}/actions", json=body)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def taps_to_consoles(bed: Bed, options: argparse.Namespace) -> None:
    """Let teams tap and watch every console."""
    pace = options.teams * STOPS * TAPS_A_STOP / (HOURS * 3600) * FASTER
    before = _resident(bed.web)
    consoles = [Console(number < options.fetching) for number in range(options.consoles)]
    stop = threading.Event()
    threads = [threading.Thread(target=_watch, args=(bed, c, stop), daemon=True) for c in consoles]
    for thread in threads:
        thread.start()
    _until(lambda: all(console.heard for console in consoles), 60)
    after = _resident(bed.web)
    floor = _floor(bed, 50)
    taps = _tap(bed, pace, options.seconds)
    time.sleep(3)
    stop.set()
    heard = _delays(taps, [console.heard for console in consoles])
    shown = _delays(taps, [console.shown for console in consoles if console.fetches])
    print(f"load: {len(consoles)} consoles ({options.fetching} fetch), {options.teams} teams,")
    print(f"  {pace:.2f} taps/s ({FASTER}x a real night) for {options.seconds} s, {len(taps)} taps")
    print(f"answer to the team:            {_spread([t.answered - t.sent for t in taps])}")
    print(f"tap to the last console heard: {_spread([max(d) for d in heard if d])}")
    print(f"tap to every console heard:    {_spread([one for d in heard for one in d])}")
    print(f"tap to what changed is there:  {_spread([one for d in shown for one in d])}")
    print(f"floor (commit heard by LISTEN): {_spread(floor)}")
    ratio = statistics.median([max(d) for d in heard if d]) / statistics.median(floor)
    print(f"  last console / floor: {ratio:.1f}")
    missed = sum(len(consoles) - len(d) for d in heard)
    print(f"  consoles that missed a change: {missed} of {len(consoles) * len(taps)}")
    print(f"memory: web {before:.0f} MiB, with consoles {after:.0f} MiB,")
    print(f"  {(after - before) / len(consoles) * 1024:.0f} KiB a console")
    fetched = [c.bytes / max(1, len(c.shown)) for c in consoles if c.fetches and c.shown]
    if fetched:
        print(f"  {statistics.mean(fetched) / 1024:.1f} KiB fetched a change")


@dataclass(frozen=True, slots=True)
class Tapped:
    version: int
    sent: float
    answered: float


def _tap(bed: Bed, pace: float, seconds: float) -> list[Tapped]:
    """Each team in turn arrives and leaves, at the pace."""
    taps: list[Tapped] = []
    with bed.client() as client:
        night = client.get(f"/api/v1/cities/{live_city.CITY}/night").json()
        turns = _turns(night["teams"])
        began = time.monotonic()
        for number, (team, kind, party) in enumerate(turns):
            time.sleep(max(0.0, began + number / pace - time.monotonic()))
            if time.monotonic() - began > seconds:
                break
            sent = time.monotonic()
            done = _act(client, kind=kind, team=team, party=party)
            taps.append(Tapped(done["version"], sent, time.monotonic()))
    return taps


def _turns(teams: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    longest = max(len(team["stops"]) for team in teams)
    for stop in range(longest):
        for kind in ("arrived", "left"):
            for team in teams:
                if stop < len(team["stops"]):
                    yield team["id"], kind, team["stops"][stop]["party_id"]


def _watch(bed: Bed, console: Console, stop: threading.Event) -> None:
    """Hold a stream until the end, however the server ends it."""
    events = f"/{live_city.CITY}/events"
    with (
        suppress(httpx.HTTPError),
        bed.client() as client,
        client.stream("GET", events, timeout=60) as stream,
    ):
        _follow(client, console, stream.iter_lines(), stop)


def _follow(
    client: httpx.Client, console: Console, lines: Iterator[str], stop: threading.Event
) -> None:
    """Note when each change came, and fetch it where the console does."""
    seen = 0
    for line in lines:
        if stop.is_set():
            return
        if not line.startswith("id: "):
            continue
        change = int(line[4:])
        console.heard.setdefault(change, time.monotonic())
        if console.fetches:
            path = f"/api/v1/cities/{live_city.CITY}/night"
            body = client.get(path, params={"since": seen}).content
            console.shown.setdefault(change, time.monotonic())
            console.bytes += len(body) if seen else 0
            seen = change


def _delays(taps: Sequence[Tapped], seen: Sequence[dict[int, float]]) -> list[list[float]]:
    """For each tap, when each console had it: with its own change, or a later one."""
    orders = [sorted(times.items()) for times in seen]
    delays: list[list[float]] = []
    for tap in taps:
        found = [next((at for v, at in order if v >= tap.version), None) for order in orders]
        delays.append([at - tap.sent for at in found if at is not None])
    return delays


def _floor(bed: Bed, times: int) -> list[float]:
    """One update of a board until another connection has heard of it."""
    found = []
    with connect(bed.url, "bench-hears") as hears, connect(bed.url, "bench-says") as says:
        hears.execute("listen boards")
        for _ in range(times):
            began = time.monotonic()
            says.execute("update boards set change = change + 1")
            list(hears.notifies(timeout=5, stop_after=1))
            found.append(time.monotonic() - began)
            time.sleep(0.05)
    return found


def facts_to_proposals(bed: Bed, size: str, events: int) -> None:
    """Pull a team to a call and wait for the proposal; then bring it back."""
    waiting = "select count(*) from proposals where state = 'open'"
    found = []
    with bed.client() as client, connect(bed.url, "bench") as conn:
        path = f"/api/v1/cities/{live_city.CITY}/night"
        night = client.get(path).json()
        busy = [team["id"] for team in night["teams"] if len(team["stops"]) > 3]
        for number in range(events):
            team = busy[number % len(busy)]
            began = time.monotonic()
            _act(client, kind="to_call", team=team)
            _until(lambda: _count(conn, waiting) > 0, 60)
            found.append(time.monotonic() - began)
            _await_quiet(bed)
            _act(client, kind="back_from_call", team=team)
            _until(lambda: _count(conn, waiting) == 0, 60)
            _await_quiet(bed)
        whole_night(client, path, size)
    print(f"fact to proposal, {size}: {_spread(found)} ({events} teams pulled off, one by one)")


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "nothing measured"
    ordered = sorted(seconds)
    picks = [
        ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)
    ]
    return "p50 {:.0f}, p95 {:.0f}, p99 {:.0f} ms".format(*(1000 * pick for pick in picks))


def _resident(pid: int) -> float:
    """MiB of a process, children included: the web server forks one worker."""
    total = 0
    for one in [pid, *_children(pid)]:
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _size(text: str) -> tuple[int, int]:
    parties, teams = text.split("x")
    return int(parties), int(teams)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consoles", type=int, default=200, help="event streams held (0: none)")
    parser.add_argument("--fetching", type=int, default=20, help="of them fetch what changed")
    parser.add_argument("--teams", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long teams tap")
    parser.add_argument("--sizes", type=_size, nargs="*", default=[(300, 40), (1500, 100)])
    parser.add_argument("--events", type=int, default=10)
    parser.add_argument("--plan-seconds", type=float, default=1.0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
