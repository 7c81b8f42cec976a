"""`POST` of a registration against a bare Flask application on the same server.

The web process has a core to itself, database and sender share the other; sender and server
settings are the same in each row. Requests a second say what a machine of two cores does, where
the database and the sender may be what is full; the web process's own CPU a request says what the
registration costs beyond Flask and gunicorn. Then once more while Redis is away.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import one_core
from local.servers import EmbeddedServers
from tests.night import CITY, TEAM, free_ports

CONNECTIONS = 8
_LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Posted:
    """Requests a second, the slowest in milliseconds, the web process's CPU a request."""

    per_second: float
    slowest_ms: float
    web_cpu_us: float = 0.0
    p99_ms: float = 0.0


def _body(number: int) -> bytes:
    return json.dumps(
        {
            "name": f"Block {number}",
            "address": f"{number} Elm St",
            "starts_at": "18:00",
            "ends_at": "21:30",
            "host_name": f"Host {number}",
            "email": f"host{number}@example.org",
            "phone": f"626-{200 + number // 10_000 % 800}-{number % 10_000:04}",
            "lat": 34.14,
            "lon": -118.08,
            "wanted": ["police"],
        }
    ).encode()


def _request(path: str, number: int) -> bytes:
    body = _body(number)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: bench-{os.getpid()}-{number}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send(port: int, requests: list[bytes], took: list[float]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        for request in requests:
            began = time.perf_counter()
            link.sendall(request)
            _read_answer(link)
            took.append(time.perf_counter() - began)


def _read_answer(link: socket.socket) -> None:
    answer = link.recv(65_536)
    if b" 201 " not in answer[:20]:
        raise RuntimeError(f"the server said {answer[:200]!r}")
    head, _, body = answer.partition(b"\r\n\r\n")
    missing = int(_LENGTH.findall(head)[0]) - len(body)
    while missing > 0:
        missing -= len(link.recv(missing))


def post(web: "Web", path: str, first: int, number: int) -> Posted:
    """Send `number` requests over a few kept connections."""
    took: list[float] = []
    share = number // CONNECTIONS
    lots = [
        [_request(path, first + n) for n in range(lane * share, (lane + 1) * share)]
        for lane in range(CONNECTIONS)
    ]
    senders = [threading.Thread(target=_send, args=(web.port, lot, took)) for lot in lots]
    began, cpu = time.perf_counter(), web.cpu_seconds()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    seconds = time.perf_counter() - began
    if len(took) != share * CONNECTIONS:
        raise RuntimeError("some requests were not answered")
    spent = (web.cpu_seconds() - cpu) / len(took) * 1e6
    p99 = sorted(took)[int(len(took) * 0.99)] * 1000
    return Posted(len(took) / seconds, max(took) * 1000, spent, p99)


@dataclass(frozen=True)
class Web:
    """A web server that runs: its port and its master process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What its workers have used so far; 0 where there is no /proc."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        if not children.exists():
            return 0.0
        return sum(_cpu(Path(f"/proc/{pid}/stat")) for pid in children.read_text().split())


def _cpu(stat: Path) -> float:
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(module: list[str], env: dict[str, str], port: int) -> Iterator[Web]:
    with subprocess.Popen(
        [sys.executable, "-m", *module],
        env={**os.environ, **env, "PORT": str(port)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait(lambda: _answers(port))
            yield Web(port, process.pid)
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done() and time.monotonic() < end:
        time.sleep(0.05)


def add_city(folder: Path, env: dict[str, str]) -> None:
    file = folder / "bench.toml"
    values = {"name": "Bench", "slug": "bench", "zone": "America/Los_Angeles"}
    times = {"opens": "18:00:00", "closes": "22:00:00", "kick_off_starts": "17:00:00"}
    teams = {"teams": TEAM.format(number=1), "of_last_team": "", "areas": ""}
    place = {"date": "2027-08-03", "lat": 34.14, "lon": -118.08, **teams}
    file.write_text(CITY.format(**values, **times, **place))
    for arguments in (["migrate"], ["city", "add", str(file)]):
        command = [sys.executable, "-m", "services.registration", *arguments]
        subprocess.run(command, env={**os.environ, **env}, cwd=ROOT, check=True)


def measure(folder: Path, rounds: int, number: int) -> dict[str, list[Posted]]:
    """Rows by name: bare, up, away (Redis stopped), each `rounds` times, in turn."""
    rows: dict[str, list[Posted]] = {"bare": [], "up": [], "away": []}
    port = free_ports(2)
    with one_core(1), EmbeddedServers(folder / "data", say=lambda _: None) as servers:
        env = {
            "REDIS_URL": servers.redis_url,
            "REGISTRATION_DATABASE_URL": servers.database_urls["registration"],
            "SECRET_KEY": "benchmark",
            "SPAM_GUARD": "off",
            "WEB_THREADS": os.environ.get("WEB_THREADS", "8"),
            "WEB_WORKERS": os.environ.get("WEB_WORKERS", "1"),
        }
        add_city(folder, env)
        path = "/api/v1/cities/bench/parties"
        with (
            one_core(0),
            serving(["benchmarks.bare"], env, port) as bare,
            serving(["services.registration", "web"], env, port + 1) as ours,
            one_core(1),
        ):
            post(bare, "/", 0, 200)
            post(ours, path, 10**9, 200)
            for turn in range(rounds):
                rows["bare"].append(post(bare, "/", 0, number))
                rows["up"].append(post(ours, path, turn * 10**6, number))
                servers.supervisor.stop_one("valkey")
                rows["away"].append(post(ours, path, turn * 10**6 + 500_000, number))
                servers.supervisor.start_again("valkey")
    return rows


def _busy(rows: list[Posted]) -> float:
    """How much of its core the web process used; far below 1, something else was the limit."""
    return statistics.median(row.per_second * row.web_cpu_us / 1e6 for row in rows)


def report(rows: dict[str, list[Posted]]) -> list[str]:
    """The lines of the table; ratios are medians of the rounds' own ratios."""
    up = [row.per_second / bare.per_second for row, bare in zip(rows["up"], rows["bare"])]  # noqa: B905 - measured in turn, so as many of each
    away = [row.per_second / there.per_second for row, there in zip(rows["away"], rows["up"])]  # noqa: B905 - likewise
    rates = {name: statistics.median(r.per_second for r in found) for name, found in rows.items()}
    cpu = [bare.web_cpu_us / row.web_cpu_us for row, bare in zip(rows["up"], rows["bare"])]  # noqa: B905 - likewise
    busy = {name: _busy(found) for name, found in rows.items()}
    slowest = max(row.slowest_ms for row in rows["away"])
    return [
        f"POST, bare Flask         {rates['bare']:>10,.0f} requests/s",
        f"POST, registration       {rates['up']:>10,.0f} requests/s",
        f"ratio to bare Flask      {statistics.median(up):>10.2f}",
        f"the same per web CPU     {statistics.median(cpu):>10.2f}",
        f"web process' core in use {busy['bare']:>9.0%} bare, {busy['up']:.0%} registration",
        f"Redis away against up    {statistics.median(away):>10.2f}   slowest {slowest:.0f} ms",
    ]
