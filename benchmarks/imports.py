"""Imports of a long list: rows a second and peak memory, against a bare loop of the same inserts.

`python -m benchmarks.registration imports` runs it. Each import is a process of its own, so that
its memory is its own; the bare loop writes the same parties and facts, committing as often.
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.posting import ROOT, add_city
from local.servers import EmbeddedServers
from services.registration.adapters.import_desk import ImportDesk, Upload
from services.registration.adapters.links import Links
from services.registration.adapters.spreadsheets import write_xlsx
from services.registration.domain.imports import Import
from services.registration.import_batch import BATCH
from services.registration.importing import Importer
from shared.clock import SystemClock
from shared.db import open_pool

HEADER = ("permit", "address", "lat", "lon", "start", "end", "name", "host", "phone", "people")
_SEED = 1
_TAKE = (
    "select id, city, code, revision, state, received_at, changed_at, import_key, import_digest,"
    " document::text from parties where city = 'bench' order by id"
)
_PARTY = (
    "with entered as (insert into parties (id, city, code, revision, state, received_at,"
    " changed_at, import_key, import_digest, document)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id, revision, document)"
    " insert into party_history (party_id, revision, changed_by, changed_at, after)"
    " select id, revision, 'import', now(), document from entered"
)
_FACT = "insert into outbox (event_id, type, body) values (%s, %s, %s)"


@dataclass(frozen=True)
class Took:
    """One import: seconds of each part, and memory beyond what the process had before."""

    rows: int
    reading: float
    checking: float
    importing: float
    peak_mib: float
    before_mib: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.reading + self.checking + self.importing


def rows_of(number: int) -> Iterator[tuple[object, ...]]:
    """A seeded list of parties around the bench city's kick-off."""
    dice = random.Random(_SEED)
    for n in range(number):
        lat, lon = 34.14 + dice.uniform(-0.1, 0.1), -118.08 + dice.uniform(-0.1, 0.1)
        phone = f"626-{dice.randint(200, 999)}-{dice.randint(0, 9999):04}"
        where = f"{dice.randint(1, 99) * 100} block of Street {dice.randint(1, 900)}"
        row = (f"P{n}", where, round(lat, 6), round(lon, 6), "6:00 p.m.", "9:30 p.m.")
        yield (*row, f"Block {n}", f"Host {n}", phone, dice.randint(5, 200))


def write_lists(folder: Path, number: int) -> dict[str, Path]:
    """The list as CSV and as XLSX."""
    files = {"CSV": folder / "list.csv", "XLSX": folder / "list.xlsx"}
    with files["CSV"].open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(HEADER)
        writer.writerows(rows_of(number))
    files["XLSX"].write_bytes(write_xlsx("Parties", [HEADER, *rows_of(number)]))
    return files


def run(file: Path) -> Took:
    """Import the file in this process."""
    pool = open_pool(os.environ["REGISTRATION_DATABASE_URL"], most=4)
    clock = SystemClock()
    desk = ImportDesk(pool, clock)
    importer = Importer(pool, clock, Links("benchmark", "http://localhost"))
    before = _peak()
    marks: dict[str, float] = {}

    def mark(now: Import) -> None:
        marks.setdefault(now.state, time.perf_counter())

    began = time.perf_counter()
    made = desk.take("bench", Upload(file.name, file.read_bytes(), "benchmark"))
    desk.map("bench", made.id, made.mapping)
    checked = importer.finish(made.id, mark)
    again = time.perf_counter()
    if checked.state != "checked":
        raise RuntimeError(checked.problem or checked.state)
    desk.start("bench", made.id)
    done = importer.finish(made.id, mark)
    ended = time.perf_counter()
    if sum(done.results.values()) != done.total:
        raise RuntimeError("some rows are not accounted for")
    reading = marks["checking"] - began
    pool.close()
    return Took(done.total, reading, again - began - reading, ended - again, _peak(), before)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare_loop(url: str) -> float:
    """Seconds for the same parties and facts in a plain loop, committed every `BATCH` rows."""
    with psycopg.connect(url) as conn:
        parties: list[Any] = conn.execute(_TAKE).fetchall()
        facts: list[Any] = conn.execute(
            "select event_id, type, body from outbox where type = 'party.registered.v1'"
        ).fetchall()
        _empty(conn)
        began = time.perf_counter()
        for number, (party, fact) in enumerate(zip(parties, facts, strict=True), start=1):
            conn.execute(_PARTY, party)
            conn.execute(_FACT, fact)
            if number % BATCH == 0:
                conn.commit()
        conn.commit()
        return time.perf_counter() - began


def _empty(conn: psycopg.Connection[Any]) -> None:
    conn.execute("truncate parties, party_history, outbox, import_rows, imports cascade")
    conn.commit()


def measure(folder: Path, number: int, say: Callable[[str], None]) -> None:
    """Both files, then the bare loop, on servers of their own."""
    files = write_lists(folder, number)
    with EmbeddedServers(folder / "data", say=lambda _: None) as servers:
        url = servers.database_urls["registration"]
        env = {
            "REDIS_URL": servers.redis_url,
            "REGISTRATION_DATABASE_URL": url,
            "SECRET_KEY": "benchmark",
        }
        add_city(folder, env)
        for name, file in files.items():
            with psycopg.connect(url) as conn:
                _empty(conn)
            took = _in_a_process(file, env)
            say(
                f"{name:<5} {took.rows:,} rows: {took.rows / took.seconds:,.0f} rows/s in all;"
                f" reading {took.reading:.1f} s, preview {took.checking:.1f} s,"
                f" bringing in {took.importing:.1f} s ({took.rows / took.importing:,.0f} rows/s);"
                f" peak {took.peak_mib:.0f} MiB, {took.before_mib:.0f} before the file"
            )
        seconds = bare_loop(url)
        say(f"bare loop of the same inserts: {took.rows / seconds:,.0f} rows/s")
        say(f"bringing in against the bare loop: {seconds / took.importing:.2f}")


def _in_a_process(file: Path, env: dict[str, str]) -> Took:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.imports", str(file)],
        env={**os.environ, **env},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Took(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    print(json.dumps(asdict(run(Path(sys.argv[1])))))
