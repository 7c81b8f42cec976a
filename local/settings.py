"""What one run of `./porchlight` was asked to do; read once, by the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.problems import Problem

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("registration", "dispatch", "notify")
DATABASE_VARIABLES = {
    "registration": "REGISTRATION_DATABASE_URL",
    "dispatch": "DISPATCH_DATABASE_URL",
    "notify": "NOTIFY_DATABASE_URL",
}
URL_VARIABLES = {
    "registration": "REGISTRATION_URL",
    "dispatch": "DISPATCH_URL",
    "notify": "NOTIFY_URL",
}


@dataclass(frozen=True)
class OwnServers:
    """Servers that the user runs; what is missing here is started embedded."""

    redis_url: str | None = None
    database_urls: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Settings:
    data: Path
    port: int = 8000
    empty: bool = False
    quiet: bool = False
    root: Path = ROOT
    bind: str = "127.0.0.1"
    own: OwnServers = OwnServers()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Where this machine itself reaches the web processes."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound
        return everywhere.get(self.bind, self.bind)

    def port_of(self, service: str) -> int:
        return self.port + SERVICES.index(service)


def default_data() -> Path:
    return ROOT / ".porchlight"


def own_servers(environment: Mapping[str, str]) -> OwnServers:
    given = {
        service: environment[name]
        for service, name in DATABASE_VARIABLES.items()
        if environment.get(name)
    }
    missing = [DATABASE_VARIABLES[service] for service in SERVICES if service not in given]
    if given and missing:
        raise Problem(
            f"Set {' and '.join(missing)} as well, or none of the three: "
            "each service needs a database of its own."
        )
    return OwnServers(environment.get("REDIS_URL") or None, given or None)


def read(
    environment: Mapping[str, str],
    data: Path,
    port: int = 8000,
    empty: bool = False,
    quiet: bool = False,
) -> Settings:
    return Settings(
        data=data.absolute(),
        port=port,
        empty=empty,
        quiet=quiet,
        bind=environment.get("BIND") or "127.0.0.1",
        own=own_servers(environment),
        environment=dict(environment),
    )
