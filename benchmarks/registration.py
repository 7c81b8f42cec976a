"""What registration costs: `python -m benchmarks.registration [posts] [imports] [--rows N]`.

Ratios within one run: `POST` against a bare Flask application that inserts one row, on the same
server; imports against a bare loop of the same inserts.
"""

import os
import statistics
import tempfile
from pathlib import Path

import click

from benchmarks import imports
from benchmarks.bench import one_core
from benchmarks.posting import Posted, add_city, post, serving
from local.servers import EmbeddedServers
from tests.night import free_ports

PARTS = ("posts", "imports")
_PATH = "/api/v1/cities/bench/parties"


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--rows", default=70_000, help="Rows of the imported list.")
@click.option("--rounds", default=5, help="Rounds of posting.")
@click.option("--requests", default=1600, help="Requests in each round.")
def main(parts: tuple[str, ...], rows: int, rounds: int, requests: int) -> None:
    """Measure all parts, or some."""
    for part in parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            if part == "posts":
                posts(Path(folder), rounds, requests)
            else:
                imports.measure(Path(folder), rows, click.echo)


def posts(folder: Path, rounds: int, number: int) -> None:
    """Both applications in turn, each round anew."""
    port = free_ports(2)
    with one_core(1), EmbeddedServers(folder / "data", say=lambda _: None) as servers:
        env = {
            "REDIS_URL": servers.redis_url,
            "REGISTRATION_DATABASE_URL": servers.database_urls["registration"],
            "SECRET_KEY": "benchmark",
            "WEB_THREADS": os.environ.get("WEB_THREADS", "8"),
            "WEB_WORKERS": os.environ.get("WEB_WORKERS", "1"),
        }
        add_city(folder, env)
        with (
            one_core(0),
            serving(["benchmarks.bare_insert"], env, port) as bare,
            serving(["services.registration", "web"], env, port + 1) as ours,
            one_core(1),
        ):
            post(bare, "/", 0, 200)
            post(ours, _PATH, 10**9, 200)
            pairs = [
                (post(bare, "/", 0, number), post(ours, _PATH, turn * 10**6, number))
                for turn in range(rounds)
            ]
    _tell(pairs)


def _tell(pairs: list[tuple[Posted, Posted]]) -> None:
    for name, found in (
        ("bare insert", [b for b, _ in pairs]),
        ("registration", [o for _, o in pairs]),
    ):
        rate = statistics.median(row.per_second for row in found)
        p99 = statistics.median(row.p99_ms for row in found)
        click.echo(f"{name:<13} {rate:>8,.0f} POST/s   p99 {p99:>6.1f} ms")
    ratio = statistics.median(ours.per_second / bare.per_second for bare, ours in pairs)
    cpu = statistics.median(bare.web_cpu_us / ours.web_cpu_us for bare, ours in pairs)
    click.echo(
        f"registration against the bare insert {ratio:.2f}; by the web process' CPU {cpu:.2f}"
    )


if __name__ == "__main__":
    main()
