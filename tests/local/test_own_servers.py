"""`up` on servers that the embedded mode did not start: Debian's own packages."""

import glob
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local import databases, ports, postgres, valkey
from local.logs import LogBook
from local.process import Rank, Spec
from local.settings import DATABASE_VARIABLES
from local.supervisor import Supervisor
from tests.conftest import missing
from tests.local.conftest import Checkout, Started, read_until
from tests.night import free_ports
from tests.waiting import eventually

PASSWORDS = {"registration": "one", "dispatch": "two", "notify": "three"}


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    running = Supervisor(LogBook(tmp_path / "logs"), lambda _: None)
    yield running
    running.stop()


@pytest.fixture
def own_redis(tmp_path: Path, supervisor: Supervisor) -> str:
    """A Redis with the settings that the operations page asks for."""
    program = shutil.which("redis-server") or missing("redis-server")
    port = ports.any_free()
    words = ("--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes")
    supervisor.add(Spec("redis", (program, *words), os.environ, Rank.VALKEY, tmp_path))
    url = f"redis://127.0.0.1:{port}/0"
    eventually(lambda: valkey.answers(url))
    return url


@pytest.fixture
def own_databases(tmp_path: Path, supervisor: Supervisor) -> dict[str, str]:
    """Debian's PostgreSQL with three databases."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    program = Path(found[-1] if found else missing("postgresql"))
    mode, port, folder = postgres.run_mode(), ports.any_free(), tmp_path / "cluster"
    make = (str(program.with_name("initdb")), "-D", str(folder), "-U", "admin", "-E", "UTF8")
    supervisor.add(Spec("initdb", make, os.environ, Rank.TASK, tmp_path, once=True, mode=mode))
    eventually(lambda: supervisor.exit_code("initdb"), 0)
    words = ("-D", str(folder), "-p", str(port), "-c", "unix_socket_directories=")
    supervisor.add(
        Spec(
            "postgres",
            (str(program), *words),
            os.environ,
            Rank.POSTGRES,
            tmp_path,
            stop_signal=signal.SIGINT,
            mode=mode,
        )
    )
    admin = f"postgresql://admin@127.0.0.1:{port}/postgres"
    eventually(lambda: databases.answers(admin))
    databases.make(admin, PASSWORDS)
    return {
        DATABASE_VARIABLES[name]: f"postgresql://{name}:{password}@127.0.0.1:{port}/{name}"
        for name, password in PASSWORDS.items()
    }


def test_debians_redis_and_postgresql_are_used_and_nothing_embedded_starts(
    checkout: Checkout, started: Started, own_redis: str, own_databases: dict[str, str]
) -> None:
    checkout.variables.update(own_databases, REDIS_URL=own_redis)
    table = read_until(started("--port", str(free_ports()), "--empty"), "Data and logs")
    assert "".join(table).count("your own") == 2
    assert not (checkout.data / "postgres").exists()
    assert not (checkout.data / "valkey").exists()


def test_the_services_databases_are_separate_there_too(own_databases: dict[str, str]) -> None:
    own = own_databases["DISPATCH_DATABASE_URL"]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(own.rpartition("/")[0] + "/notify")
