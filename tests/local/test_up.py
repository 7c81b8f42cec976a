"""`up` as a user meets it, with stand-ins for the services and the real servers."""

import signal
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from local import state
from local.problems import Problem
from local.stack import Stack
from tests.local.conftest import Checkout, Started, all_gone, read_until
from tests.night import free_ports
from tests.waiting import eventually


def pids_of(checkout: Checkout) -> list[int]:
    found = state.read(checkout.data / "state.json")
    assert found is not None
    return list(found.pids.values())


def test_everything_starts_is_shown_in_one_table_and_stops_in_order(
    checkout: Checkout, started: Started
) -> None:
    port = free_ports()
    up = started("--port", str(port))
    table = "".join(read_until(up, "Data and logs"))
    for offset in range(3):
        assert f"http://127.0.0.1:{port + offset}/" in table
    assert "embedded" in table
    assert checkout.run("status", "--data", str(checkout.data)).returncode == 0
    pids = pids_of(checkout)
    up.send_signal(signal.SIGINT)
    rest, _ = up.communicate(timeout=60)
    assert up.returncode == 0
    assert "Everything has stopped" in rest
    all_gone(pids)
    stops = [line.split()[0] for line in checkout.noted() if line.endswith("stopped")]
    roles = [name.rpartition("-")[2].replace("planner", "worker") for name in stops]
    assert roles == ["web"] * 3 + ["worker"] * 4 + ["relay"] * 3


def test_killing_it_leaves_no_orphan_and_it_starts_again_at_once(
    checkout: Checkout, started: Started
) -> None:
    checkout.variables["STANDIN_CHILD"] = "1"
    port = str(free_ports())
    up = started("--port", port, "--empty")
    read_until(up, "Data and logs")
    children = [int(line.split()[1]) for line in checkout.noted() if line.startswith("child")]
    assert len(children) == 10
    pids = pids_of(checkout) + children
    up.kill()
    all_gone(pids)
    again = started("--port", port, "--empty")
    read_until(again, "Data and logs")


def test_a_process_that_dies_is_started_again_and_said_so(
    checkout: Checkout, started: Started
) -> None:
    stack = Stack(checkout.data, free_ports(), environment=checkout.environment())
    said: list[str] = []
    with use_standins(stack, checkout, said):
        before = stack.pids
        stack.kill("dispatch-web")
        eventually(lambda: stack.pids.get("dispatch-web") not in (None, before["dispatch-web"]))
        eventually(stack.not_ready, {})
    assert said == ["dispatch-web ended (SIGKILL); starting it again in 0.2 s."]


def use_standins(stack: Stack, checkout: Checkout, said: list[str]) -> Stack:
    stack._say = said.append
    stack.settings = type(stack.settings)(**{**vars(stack.settings), "root": checkout.root})
    return stack


def test_a_service_that_is_not_ready_is_named_with_its_last_lines(checkout: Checkout) -> None:
    environment = {**checkout.environment(), "NOT_READY": "1"}
    stack = Stack(checkout.data, free_ports(), environment=environment, patience=3)
    with pytest.raises(Problem) as problem, use_standins(stack, checkout, []):
        pytest.fail("it must not become ready")
    assert "registration was not ready after 3 s: its worker is silent" in str(problem.value)
    assert "registration-web is at work" in str(problem.value)


def test_a_taken_port_is_named_with_the_way_out(checkout: Checkout) -> None:
    port = free_ports()
    with socket.create_server(("127.0.0.1", port + 1)):
        done = checkout.run("up", "--data", str(checkout.data), "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port + 1} (for dispatch) is taken" in done.stderr
    assert "--port" in done.stderr


def test_a_second_start_on_the_same_folder_is_refused(checkout: Checkout, started: Started) -> None:
    read_until(started("--port", str(free_ports()), "--empty"), "Data and logs")
    done = checkout.run("up", "--data", str(checkout.data), "--port", str(free_ports()))
    assert done.returncode == 2
    assert "already runs" in done.stderr


def test_a_newer_folder_ends_with_one_sentence(checkout: Checkout) -> None:
    checkout.data.mkdir()
    (checkout.data / "version").write_text("99")
    done = checkout.run("up", "--data", str(checkout.data))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "newer" in done.stderr


def test_one_of_three_databases_is_not_enough(checkout: Checkout) -> None:
    checkout.variables["DISPATCH_DATABASE_URL"] = "postgresql://127.0.0.1/x"
    done = checkout.run("up", "--data", str(checkout.data))
    assert done.returncode == 2
    assert "REGISTRATION_DATABASE_URL and NOTIFY_DATABASE_URL" in done.stderr


def test_own_servers_are_used_and_nothing_embedded_starts(
    checkout: Checkout, servers: object, started: Started
) -> None:
    checkout.variables.update(own_variables(servers))
    read_until(started("--port", str(free_ports()), "--empty"), "your own")
    assert not (checkout.data / "postgres").exists()
    assert not (checkout.data / "valkey").exists()


def own_variables(servers: object) -> dict[str, str]:
    urls: dict[str, str] = servers.database_urls  # type: ignore[attr-defined]  # a stand-in
    redis_url: str = servers.redis_url  # type: ignore[attr-defined]  # a stand-in
    return {
        "REDIS_URL": redis_url,
        **{f"{service.upper()}_DATABASE_URL": url for service, url in urls.items()},
    }


def test_the_sample_city_comes_once_and_not_at_all_with_empty(
    checkout: Checkout, started: Started
) -> None:
    port = str(free_ports())
    for words in (["--empty"], [], []):
        up = started("--port", port, *words)
        read_until(up, "Data and logs")
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=60)
    verbs = ("city", "addresses", "import", "streets")
    noted = [line.split(" in ")[0].split() for line in checkout.noted()]
    adding = [words for words in noted if len(words) > 1 and words[1] in verbs]
    steps = ["city", "city", "addresses", "addresses", "import", "streets"]
    assert [words[1] for words in adding] == steps
    assert " ".join(adding[4]).endswith("pasadena.csv --city pasadena")


def test_signs_of_life_from_before_the_start_are_forgotten(
    checkout: Checkout, servers: object, started: Started
) -> None:
    variables = own_variables(servers)
    checkout.variables.update(variables)
    url = variables["NOTIFY_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create table if not exists heartbeats (process text primary key)")
        conn.execute("insert into heartbeats values ('an old one') on conflict do nothing")
        read_until(started("--port", str(free_ports()), "--empty"), "Data and logs")
        assert conn.execute("select count(*) from heartbeats").fetchone() == (0,)
        conn.execute("drop table heartbeats")


def test_logs_show_their_process_and_quiet_shows_none(checkout: Checkout, started: Started) -> None:
    port = str(free_ports())
    up = started("--port", port, "--empty", "--quiet")
    read_until(up, "Data and logs")
    up.send_signal(signal.SIGHUP)
    rest, _ = up.communicate(timeout=60)
    assert "postgres " not in rest
    log = checkout.data / "logs" / "notify-worker.log"
    assert "notify-worker is at work" in log.read_text()
    up = started("--port", port, "--empty")
    read_until(up, "Data and logs")
    up.send_signal(signal.SIGTERM)
    rest, _ = up.communicate(timeout=60)
    assert "postgres             | " in rest


def test_secrets_are_for_their_owner_only(checkout: Checkout, started: Started) -> None:
    read_until(started("--port", str(free_ports()), "--empty"), "Data and logs")
    for name in ("state.json", "secrets.json"):
        assert (checkout.data / name).stat().st_mode & 0o077 == 0


def command_lines() -> str:
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_no_password_stands_in_a_command_line(checkout: Checkout, started: Started) -> None:
    read_until(started("--port", str(free_ports()), "--empty"), "Data and logs")
    found = state.read(checkout.data / "state.json")
    assert found is not None
    password = found.environment["REDIS_URL"].split(":")[2].partition("@")[0]
    assert password not in command_lines()
    assert Path(found.secrets).exists()
