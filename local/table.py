"""The one table: what runs, where, and in which state. For `up` and `status`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from local import databases, postgres, readiness, valkey
from local.settings import DATABASE_VARIABLES, SERVICES
from local.state import State

PURPOSES = {
    "registration": "Registration (hosts' pages)",
    "dispatch": "Dispatch (console)",
    "notify": "Messages (outbox)",
}
WIDTH = 100


@dataclass(frozen=True)
class Row:
    what: str
    where: str
    state: str
    good: bool


def rows(found: State, data: Path, host: str = "127.0.0.1") -> list[Row]:
    """Asks everything once."""
    return [
        *(_web_row(found, service, host) for service in SERVICES),
        _background_row(found),
        _valkey_row(found),
        _postgres_row(found),
        Row("Data and logs", str(data), "version 1", True),
    ]


def _web_row(found: State, service: str, host: str) -> Row:
    answer = readiness.ask(found.port + SERVICES.index(service), host)
    url = found.urls[service].rstrip("/") + "/"
    return Row(PURPOSES[service], url, "ready" if answer.ready else answer.reason, answer.ready)


def _background_row(found: State) -> Row:
    names = [
        name
        for name in found.pids
        if not name.endswith("-web") and name not in (valkey.NAME, postgres.NAME)
    ]
    return Row("Workers and relays", f"{len(names)} processes", "watched", True)


def _valkey_row(found: State) -> Row:
    good = valkey.answers(found.environment["REDIS_URL"])
    return _server_row("Valkey", valkey.NAME, found, found.environment["REDIS_URL"], good)


def _postgres_row(found: State) -> Row:
    addresses = [found.environment[name] for name in DATABASE_VARIABLES.values()]
    good = all(databases.answers(url) for url in addresses)
    return _server_row("PostgreSQL", postgres.NAME, found, addresses[0], good)


def _server_row(what: str, name: str, found: State, url: str, good: bool) -> Row:
    kind = "embedded" if name in found.servers else "your own"
    where = f"{urlsplit(url).hostname}:{urlsplit(url).port or ''} ({kind})"
    return Row(what, where, "answers" if good else "does not answer", good)


def show(title: str, lines: list[Row], console: Console | None = None) -> None:
    console = console or Console(soft_wrap=True)
    if not console.is_terminal:
        console = Console(width=WIDTH, soft_wrap=True)
    table = Table(title=title, title_justify="left")
    table.add_column("What")
    table.add_column("Where", overflow="fold")
    table.add_column("State")
    for line in lines:
        colour = "green" if line.good else "red"
        table.add_row(line.what, line.where, f"[{colour}]{line.state}[/{colour}]")
    console.print(table)
