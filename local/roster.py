"""Which processes make up the services, and the environment each gets; for the stack."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.keys import Keys
from local.process import Rank, Spec
from local.servers import Servers
from local.settings import DATABASE_VARIABLES, SERVICES, URL_VARIABLES, Settings

ROLES = {
    "registration": ("web", "worker", "relay"),
    "dispatch": ("web", "worker", "relay", "planner"),
    "notify": ("web", "worker", "relay"),
}
RANKS = {
    "migrate": Rank.TASK,
    "web": Rank.WEB,
    "worker": Rank.WORKER,
    "planner": Rank.WORKER,
    "relay": Rank.RELAY,
}
Command = Callable[[str, str], tuple[str, ...]]


def service_command(service: str, role: str) -> tuple[str, ...]:
    """-P: nothing in the user's own folder may be imported in place of our modules."""
    return (sys.executable, "-P", "-m", f"services.{service}", role)


@dataclass(frozen=True)
class Roster:
    """Builds each process's description out of what is known once the servers answer."""

    settings: Settings
    environment: Mapping[str, str]
    command: Command = service_command

    def spec(self, service: str, role: str) -> Spec:
        name = f"{service}-{role}"
        environment = {**self.environment, "INSTANCE": name}
        if role == "web":
            environment["PORT"] = str(self.settings.port_of(service))
        return Spec(
            name,
            self.command(service, role),
            environment,
            RANKS[role],
            self.settings.root,
            once=role == "migrate",
        )

    def names(self) -> list[str]:
        return [f"{service}-{role}" for service in SERVICES for role in ROLES[service]]


def urls(settings: Settings) -> dict[str, str]:
    """Addresses as people reach them; the user's own (behind a proxy) come first."""
    return {
        service: settings.environment.get(URL_VARIABLES[service])
        or f"http://127.0.0.1:{settings.port_of(service)}"
        for service in SERVICES
    }


def environment(settings: Settings, servers: Servers, keys: Keys) -> dict[str, str]:
    """What every process of every service gets; its database and that of its siblings by name."""
    given = settings.environment
    addresses = urls(settings)
    return {
        **given,
        "PYTHONPATH": str(settings.root),
        "PYTHONUNBUFFERED": "1",
        "REDIS_URL": servers.redis_url,
        **{DATABASE_VARIABLES[name]: url for name, url in servers.database_urls.items()},
        **{URL_VARIABLES[name]: url for name, url in addresses.items()},
        "SECRET_KEY": given.get("SECRET_KEY") or keys.secret_key,
        "BIND": settings.bind,
        "LOG_FORMAT": given.get("LOG_FORMAT") or "console",
        "OUTBOX_DIR": given.get("OUTBOX_DIR") or str(settings.data / "outbox"),
    }
