"""The embedded servers: who may do what, and what survives."""

from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis

from local import databases, valkey
from local.problems import Problem
from local.servers import EmbeddedServers, check_own
from local.settings import OwnServers
from tests.waiting import eventually

RUNNING = (
    "select from pg_stat_activity"
    " where state = 'active' and query like '%generate_series%' and pid <> pg_backend_pid()"
)


def swap(url: str, database: str) -> str:
    return url.rpartition("/")[0] + "/" + database


@pytest.mark.parametrize("other", ["registration", "notify", "postgres", "template1"])
def test_a_service_cannot_open_anothers_database(servers: EmbeddedServers, other: str) -> None:
    own = servers.database_urls["dispatch"]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(swap(own, other))


def test_a_service_owns_its_database_and_is_no_superuser(servers: EmbeddedServers) -> None:
    with psycopg.connect(servers.database_urls["notify"]) as conn:
        conn.execute("create temporary table mine (id int)")
        row = conn.execute(
            "select current_user, rolsuper or rolcreatedb or rolcreaterole"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == ("notify", False)


def test_letters_beyond_ascii_are_letters(servers: EmbeddedServers) -> None:
    with psycopg.connect(servers.database_urls["notify"]) as conn:
        assert conn.execute("select lower('PEÑA ÉTÉ')").fetchone() == ("peña été",)


@pytest.mark.parametrize(("throwaway", "flushes"), [(False, "on"), (True, "off")])
def test_a_crash_loses_nothing_that_was_committed_unless_all_is_thrown_away(
    tmp_path: Path, throwaway: bool, flushes: str
) -> None:
    with (
        EmbeddedServers(tmp_path, lambda _: None, throwaway) as servers,
        psycopg.connect(servers.database_urls["notify"]) as conn,
    ):
        assert conn.execute("show fsync").fetchone() == (flushes,)
        assert conn.execute("show full_page_writes").fetchone() == (flushes,)
        assert conn.execute("show synchronous_commit").fetchone() == (flushes,)


def test_valkey_wants_its_password_and_writes_what_it_hears(servers: EmbeddedServers) -> None:
    port = servers.redis_url.rpartition(":")[2].partition("/")[0]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(port)).ping()
    client = redis.Redis.from_url(servers.redis_url)
    settings = client.config_get("appendonly", "appendfsync", "maxmemory-policy")
    assert settings == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }
    client.close()


def test_both_come_back_on_their_old_addresses_with_their_data(tmp_path: Path) -> None:
    said: list[str] = []
    with EmbeddedServers(tmp_path, said.append) as servers:
        url = servers.database_urls["dispatch"]
        with psycopg.connect(url) as conn:
            conn.execute("create table kept (id int)")
        before = servers.pids
        for name in before:
            servers.kill(name)
        eventually(lambda: servers.pids, lambda now: not set(now.values()) & set(before.values()))
        eventually(lambda: databases.answers(url) and valkey.answers(servers.redis_url))
        with psycopg.connect(url) as conn:
            assert conn.execute("select count(*) from kept").fetchone() == (0,)
    assert len(said) == 2


def test_a_query_that_outlives_a_killed_server_does_not_keep_it_from_coming_back(
    tmp_path: Path,
) -> None:
    with EmbeddedServers(tmp_path, lambda _: None) as servers:
        url = servers.database_urls["dispatch"]
        with closing(psycopg.connect(url)) as conn:
            conn.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000000)")
            eventually(lambda: at_work(servers.admin_url), 1)
            before = servers.pids["postgres"]
            servers.kill("postgres")
            eventually(lambda: servers.pids.get("postgres", before) != before)
            eventually(lambda: databases.answers(url))


def at_work(admin_url: str) -> int:
    """How many backends run that query."""
    with psycopg.connect(admin_url) as conn:
        return len(conn.execute(RUNNING).fetchall())


def test_a_long_path_is_no_hindrance(tmp_path: Path) -> None:
    with EmbeddedServers(tmp_path / ("long" * 40) / "with a space", lambda _: None) as servers:
        assert databases.answers(servers.database_urls["notify"])


def test_an_own_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(Problem, match="REDIS_URL does not answer"):
        check_own(OwnServers("redis://127.0.0.1:1/0", None))
    with pytest.raises(Problem, match="DISPATCH_DATABASE_URL does not answer"):
        check_own(OwnServers(None, {"dispatch": "postgresql://x:y@127.0.0.1:1/x"}))
