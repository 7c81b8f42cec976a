"""What an event costs from outbox row to applied effect: `python -m benchmarks.event_path`.

Everything (both servers, relay, subscriber) is bound to one core; the same core then carries plain
Celery doing the same insert, and the raw ceiling of Redis. Trust the ratios, not the rates.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import orjson

from benchmarks import posting
from benchmarks.bench import (
    Bed,
    fill_outbox,
    make_bed,
    make_facts,
    now_on_one_core,
    say_each,
    wait_until,
)
from benchmarks.probe import plain_app
from local.servers import EmbeddedServers
from shared.contracts.envelope import decode, encode
from shared.db import connect


def bulk(bed: Bed, number: int) -> float:
    """Facts a second from a full outbox to their effects, in a real worker process."""
    with bed.running("relay", "reader"):
        fill_outbox(bed.publisher_url, make_facts(50))
        wait_until(lambda: bed.effects()[0] >= 50)
    fill_outbox(bed.publisher_url, make_facts(number))
    with bed.running("relay", "reader"):
        wait_until(lambda: bed.effects()[0] > 50, pause=0.002)
        began, first = time.monotonic(), bed.effects()[0]
        wait_until(lambda: bed.effects()[0] >= number + 50, pause=0.05)
        return (number + 50 - first) / (time.monotonic() - began)


def plain_celery(bed: Bed, number: int) -> float:
    """The same effects by `delay` and a stock prefork worker, publishing and consuming."""
    os.environ.update(bed.env)
    record = plain_app().tasks["plain.record"]
    facts = make_facts(number)
    with bed.running("celery"):
        record.delay(facts[0].id, "pasadena", "received")
        wait_until(lambda: bed.effects()[0] >= 1)
        began = time.monotonic()
        for fact in facts[1:]:
            record.delay(fact.id, fact.city, fact.data.template)
        wait_until(lambda: bed.effects()[0] >= number, pause=0.1)
        return (number - 1) / (time.monotonic() - began)


def raw_ceiling(bed: Bed, number: int) -> float:
    """Envelopes through a stream in batches of 100, read and acknowledged, with no effect."""
    redis = bed.redis
    bodies = [encode(fact) for fact in make_facts(number)]
    redis.xgroup_create("raw", "g", id="0", mkstream=True)
    began = time.monotonic()
    for start in range(0, number, 500):
        with redis.pipeline(transaction=True) as pipe:
            for body in bodies[start : start + 500]:
                pipe.xadd("raw", {"e": body})
            pipe.execute()
    seen = 0
    while seen < number:
        ((_, entries),) = redis.xreadgroup("g", "c", {"raw": ">"}, count=100)
        redis.xack("raw", "g", *[entry for entry, _ in entries])
        seen += len(entries)
    return number / (time.monotonic() - began)


def latency(bed: Bed, per_second: float, seconds: float) -> tuple[float, float]:
    """p50 and p99 in ms from commit to the commit of the effect in the next service."""
    facts = make_facts(int(per_second * seconds))
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "applied"
        with bed.running("relay", "reader", APPLIED_NOTE=str(note)):
            warm = make_facts(20)
            with connect(bed.publisher_url, "bench") as conn:
                say_each(conn, warm, 20)
                wait_until(lambda: bed.effects()[0] >= len(warm))
                committed = say_each(conn, facts, per_second)
            wait_until(lambda: bed.effects()[0] >= len(warm) + len(facts))
            time.sleep(0.2)
            applied = _read(note)
    delays = [(applied[i] - at) * 1000 for i, at in committed.items()]
    cuts = statistics.quantiles(delays, n=100)
    return cuts[49], cuts[98]


def _read(note: Path) -> dict[str, float]:
    pairs = (line.split() for line in note.read_text().splitlines())
    return {identity: float(at) for identity, at in pairs}


def where_time_goes() -> dict[str, float]:
    """Microseconds a fact of the steps that Python does, each alone."""
    facts = make_facts(2_000)
    raws = [encode(fact) for fact in facts]
    return {
        "encode": _each(lambda: [encode(fact) for fact in facts]),
        "decode and check": _each(lambda: [decode(raw) for raw in raws]),
        "json alone": _each(lambda: [orjson.loads(raw) for raw in raws]),
    }


def _each(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) / 2_000 * 1e6


@click.command()
@click.option("--facts", default=20_000, help="Facts in the bulk run.")
@click.option("--plain", default=2_000, help="Tasks in the plain Celery run.")
@click.option("--posts", default=1_500, help="Requests a round in the POST run.")
@click.option("--rounds", default=3, help="Rounds; medians are printed.")
def main(facts: int, plain: int, posts: int, rounds: int) -> None:
    """Print the table."""
    posted = posting.measure(Path(tempfile.mkdtemp()), rounds, posts)
    now_on_one_core()
    rows: dict[str, list[float]] = {"bulk": [], "plain": [], "raw": [], "p50": [], "p99": []}
    with EmbeddedServers(Path(tempfile.mkdtemp()), say=lambda _: None) as servers:
        for number in range(rounds):
            rows["bulk"].append(bulk(make_bed(servers, f"bulk{number}"), facts))
            rows["plain"].append(plain_celery(make_bed(servers, f"plain{number}"), plain))
            rows["raw"].append(raw_ceiling(make_bed(servers, f"raw{number}"), facts))
            p50, p99 = latency(make_bed(servers, f"late{number}"), 200, 10)
            rows["p50"].append(p50)
            rows["p99"].append(p99)
    middle = {name: statistics.median(values) for name, values in rows.items()}
    click.echo(f"outbox row -> effect     {middle['bulk']:>10,.0f} facts/s")
    click.echo(f"plain Celery, same effect{middle['plain']:>10,.0f} tasks/s")
    click.echo(f"raw stream ceiling       {middle['raw']:>10,.0f} entries/s")
    click.echo(f"ratio to plain Celery    {middle['bulk'] / middle['plain']:>10.1f}")
    click.echo(f"share of the raw ceiling {middle['bulk'] / middle['raw']:>10.2f}")
    click.echo(
        f"commit -> applied at 200/s: p50 {middle['p50']:.1f} ms, p99 {middle['p99']:.1f} ms"
    )
    for step, micros in where_time_goes().items():
        click.echo(f"  {step:<18} {micros:6.1f} us a fact")
    for line in posting.report(posted):
        click.echo(line)


if __name__ == "__main__":
    main()
