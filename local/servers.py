"""Valkey and PostgreSQL, embedded or the user's own; for the stack and for tests."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from local import databases, folder, keys, ports, postgres, state, valkey
from local.folder import Folder
from local.keys import Keys
from local.logs import LogBook
from local.postgres import Postgres
from local.problems import Problem
from local.settings import DATABASE_VARIABLES, OwnServers
from local.supervisor import Say, Supervisor
from local.valkey import Valkey

PATIENCE = 60.0


@dataclass
class Servers:
    """Addresses of what is used; `ports` only names what is embedded."""

    redis_url: str = ""
    database_urls: Mapping[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    admin_url: str = ""
    fresh: bool = False


def start(
    place: Folder, kept: Keys, own: OwnServers, supervisor: Supervisor, throwaway: bool = False
) -> Servers:
    """Starts what is not the user's own, both at once, and waits until each truly answers."""
    check_own(own)
    before = state.read(place.state)
    former = before.servers if before else {}
    servers = Servers(own.redis_url or "", own.database_urls or {})
    cache = store = None
    if own.redis_url is None:
        cache = _start_valkey(place, kept, former, supervisor)
        servers.redis_url = cache.url
        servers.ports[valkey.NAME] = cache.port
    if own.database_urls is None:
        store = _start_postgres(place, kept, former, supervisor, throwaway)
        servers.ports[postgres.NAME] = store.port
        servers.admin_url = store.url()
        servers.database_urls = {
            name: store.url(name, password, name) for name, password in kept.databases.items()
        }
    servers.fresh = _wait(cache, store, kept, time.monotonic() + PATIENCE)
    return servers


def check_own(own: OwnServers) -> None:
    if own.redis_url and not valkey.answers(own.redis_url):
        raise Problem("The server at REDIS_URL does not answer: start it or correct the address.")
    for service, url in (own.database_urls or {}).items():
        if not databases.answers(url):
            raise Problem(
                f"The database at {DATABASE_VARIABLES[service]} does not answer: "
                "start it or correct the address, name and password."
            )


def _start_valkey(
    place: Folder, kept: Keys, former: Mapping[str, int], supervisor: Supervisor
) -> Valkey:
    port = ports.any_free(former.get(valkey.NAME))
    server = Valkey(place.path / "valkey", port, kept.valkey)
    supervisor.add(server.spec(os.environ))
    return server


def _start_postgres(
    place: Folder,
    kept: Keys,
    former: Mapping[str, int],
    supervisor: Supervisor,
    throwaway: bool,
) -> Postgres:
    port = ports.any_free(former.get(postgres.NAME))
    server = Postgres(place.path / "postgres", port, kept.postgres, throwaway)
    supervisor.add(server.spec(os.environ))
    return server


def _wait(cache: Valkey | None, store: Postgres | None, kept: Keys, deadline: float) -> bool:
    """Whether the databases have just been made."""
    if cache and not valkey.wait(cache.url, deadline):
        raise Problem("The embedded Valkey does not answer: see logs/valkey.log.")
    if store:
        if not databases.wait(store.url(), deadline):
            raise Problem("The embedded PostgreSQL does not answer: see logs/postgres.log.")
        return databases.make(store.url(), kept.databases)
    return False


class EmbeddedServers:
    """Only the two servers, for tests: `with EmbeddedServers(folder) as servers:`."""

    def __init__(self, data: Path, say: Say = print, throwaway: bool = False) -> None:
        self._data = data
        self._say = say
        self._throwaway = throwaway
        self._servers = Servers()

    @property
    def redis_url(self) -> str:
        return self._servers.redis_url

    @property
    def database_urls(self) -> Mapping[str, str]:
        return self._servers.database_urls

    @property
    def admin_url(self) -> str:
        """The embedded PostgreSQL as its superuser, for tests that make databases."""
        return self._servers.admin_url

    @property
    def pids(self) -> Mapping[str, int]:
        return self.supervisor.pids()

    def kill(self, name: str) -> None:
        self.supervisor.kill(name)

    def __enter__(self) -> EmbeddedServers:
        place = folder.prepare(self._data)
        self._lock = folder.take_lock(place)
        self.supervisor = Supervisor(LogBook(place.logs), self._say, (self._lock.use,))
        try:
            kept = keys.keep(place.secrets)
            self._servers = start(place, kept, OwnServers(), self.supervisor, self._throwaway)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.supervisor.stop()
        self._lock.release()
