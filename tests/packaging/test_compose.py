"""The description for servers with Docker, checked without an engine."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml  # type: ignore[import-untyped]  # it has no types

from local import databases, ports
from local.logs import LogBook
from local.postgres import Postgres, tool
from local.roster import ROLES
from local.settings import ROOT, SERVICES
from local.supervisor import Supervisor
from tests.waiting import eventually

COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILES = [ROOT / "services" / service / "Dockerfile" for service in SERVICES]
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:\?|:-|\})")
SECRET = ("PASSWORD", "SECRET_KEY")


def run_tool(name: str, *words: str) -> None:
    tool_path = Path(sys.executable).with_name(name)
    done = subprocess.run([tool_path, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def described() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def test_the_compose_file_follows_the_compose_specification() -> None:
    run_tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=SERVICES)
def test_each_dockerfile_passes_the_linter(dockerfile: Path) -> None:
    run_tool("hadolint", str(dockerfile))


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=SERVICES)
def test_each_image_is_pinned_hashed_checked_and_not_root(dockerfile: Path) -> None:
    text = dockerfile.read_text()
    assert re.search(r"^FROM python:3\.11\.\d+-slim-\w+$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert re.search(r"^HEALTHCHECK", text, re.MULTILINE)
    assert re.search(r"^USER \d{4,}$", text, re.MULTILINE)


def test_every_process_of_up_is_a_compose_service_too(described: Mapping[str, Any]) -> None:
    expected = {f"{name}-{role}" for name in SERVICES for role in (*ROLES[name], "migrate")}
    assert set(described["services"]) == {*expected, "valkey", "postgres"}


def test_nothing_is_published_beyond_this_machine(described: Mapping[str, Any]) -> None:
    for name, service in described["services"].items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_a_service_is_given_the_address_of_its_own_database_only(
    described: Mapping[str, Any],
) -> None:
    for name, service in described["services"].items():
        given = {key for key in service.get("environment", {}) if key.endswith("_DATABASE_URL")}
        owner = name.partition("-")[0]
        assert given <= {f"{owner.upper()}_DATABASE_URL"}, name


def test_secrets_have_no_default() -> None:
    for name, kind in VARIABLE.findall(COMPOSE.read_text()):
        if name.endswith(SECRET):
            assert kind == ":?", name


def test_data_lives_in_named_volumes_and_is_health_checked(described: Mapping[str, Any]) -> None:
    for name in ("valkey", "postgres"):
        service = described["services"][name]
        assert service["volumes"][0].partition(":")[0] in described["volumes"]
        assert service["healthcheck"]["test"]


def test_the_init_script_makes_roles_that_are_shut_out_of_each_other(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", ports.any_free(), "admin")
    supervisor = Supervisor(LogBook(tmp_path / "logs"), lambda _: None)
    try:
        supervisor.add(server.spec({"PATH": "/usr/bin:/bin"}))
        eventually(lambda: databases.answers(server.url()))
        run_init_script(server)
        own = server.url("dispatch", "three", "dispatch")
        assert databases.answers(own)
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(server.url("dispatch", "three", "notify"))
    finally:
        supervisor.stop()


def run_init_script(server: Postgres) -> None:
    subprocess.run(
        ["sh", str(ROOT / "local" / "compose" / "databases.sh")],
        env={
            "PATH": f"{Path(tool('psql')).parent}:/usr/bin:/bin",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGPASSWORD": server.password,
            "POSTGRES_USER": "porchlight",
            "REGISTRATION_PASSWORD": "two",
            "DISPATCH_PASSWORD": "three",
            "NOTIFY_PASSWORD": "it's",
        },
        check=True,
    )
