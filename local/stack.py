"""The whole installation as one object; used by `up` and by end-to-end tests."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from local import databases, folder, keys, ports, readiness, roster, servers, settings, state
from local.administrator import Administrator
from local.logs import LogBook
from local.problems import Problem
from local.progress import silent
from local.readiness import Answer
from local.roster import ROLES, Command, Roster
from local.sample import Sample
from local.servers import Servers
from local.settings import SERVICES, Settings
from local.state import State
from local.supervisor import Supervisor

# The first start of all compiles the planner, which takes up to a minute.
PATIENCE = 240.0
ENV = Mapping[str, str]


class Stack:
    """`with Stack(data, port, empty) as stack:` starts everything and waits until it is ready."""

    def __init__(
        self,
        data: Path,
        port: int = 8000,
        empty: bool = True,
        *,
        environment: ENV | None = None,
        command: Command = roster.service_command,
        say: Callable[[str], None] = silent,
        progress: Callable[[str], None] = silent,
        patience: float = PATIENCE,
    ) -> None:
        given = dict(os.environ if environment is None else environment)
        self.settings: Settings = settings.read(given, data, port, empty)
        self.place = folder.Folder(self.settings.data)
        self.env: dict[str, str] = {}
        self.servers = Servers()
        self._command = command
        self._say = say
        self._progress = progress
        self._patience = patience
        self._written_pids: dict[str, int] = {}
        self._lock: folder.Lock | None = None
        self._supervisor: Supervisor | None = None
        self.logs = LogBook(self.place.logs)
        self.first_link = ""

    # --- life ---

    def start(self) -> None:
        """Everything or nothing: what was started is stopped again when something fails."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._supervisor is not None:
            self._supervisor.stop()
            self._supervisor = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def hasten(self) -> None:
        """Shortens a stop that is under way."""
        if self._supervisor is not None:
            self._supervisor.hasten()

    @property
    def alive(self) -> bool:
        return self._supervisor is not None and self._supervisor.alive

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- what runs ---

    @property
    def pids(self) -> dict[str, int]:
        return self._running().pids()

    def kill(self, name: str) -> None:
        """SIGKILL; the supervisor starts it again."""
        self._running().kill(name)

    @property
    def supervisor(self) -> Supervisor:
        """What keeps the processes running, for tests that freeze and stop them."""
        return self._running()

    def restart(self, name: str) -> None:
        self._running().restart(name)

    def restarts(self, name: str) -> int:
        return self._running().restarts(name)

    def url(self, service: str) -> str:
        return roster.urls(self.settings)[service]

    def web_ports(self) -> dict[str, int]:
        return {service: self.settings.port_of(service) for service in SERVICES}

    def not_ready(self) -> dict[str, Answer]:
        answers = {
            name: readiness.ask(port, self.settings.host) for name, port in self.web_ports().items()
        }
        return {name: answer for name, answer in answers.items() if not answer.ready}

    # --- the start, step by step ---

    def _start(self) -> None:
        self.place = folder.prepare(self.settings.data)
        self._lock = folder.take_lock(self.place)
        ports.require_free(self.web_ports(), self.settings.bind)
        self._supervisor = Supervisor(self.logs, self._say, (self._lock.use,))
        self._start_servers()
        self._write_state()
        self._start_services()
        self._wait_until_ready()
        self._write_state()
        if not self.settings.empty:
            self._add_sample_city()
        self._ask_for_first_link()

    def _start_servers(self) -> None:
        self._progress("Starting Valkey and PostgreSQL")
        kept = keys.keep(self.place.secrets)
        self.servers = servers.start(self.place, kept, self.settings.own, self._running())
        self.env = roster.environment(self.settings, self.servers, kept)

    def _start_services(self) -> None:
        """Each service's processes start as soon as its own database is ready for them."""
        self._progress("Preparing the databases")
        plan = Roster(self.settings, self.env, self._command)
        for service in SERVICES:
            self._running().add(plan.spec(service, "migrate"))
        waiting = list(SERVICES)
        deadline = time.monotonic() + self._patience
        while waiting:
            for service in [name for name in waiting if self._migrated(name, deadline)]:
                waiting.remove(service)
                databases.forget_heartbeats(self.servers.database_urls[service])
                for role in ROLES[service]:
                    self._running().add(plan.spec(service, role))
            time.sleep(0.02)

    def _migrated(self, service: str, deadline: float) -> bool:
        name = f"{service}-migrate"
        code = self._running().exit_code(name)
        if code is None and time.monotonic() < deadline:
            return False
        if code == 0:
            return True
        raise Problem(self._with_log(f"The database of {service} could not be prepared.", name))

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._patience
        missing = readiness.wait(self.web_ports(), deadline, self._progress, self.settings.host)
        for service, answer in missing.items():
            summary = f"{service} was not ready after {self._patience:.0f} s: {answer.reason}."
            raise Problem(self._with_log(summary, self._suspect(service)))

    def _suspect(self, service: str) -> str:
        """The process whose log says most: one that keeps dying, else the web process."""
        names = [f"{service}-{role}" for role in ROLES[service]]
        return max(names, key=lambda name: (self.restarts(name), name.endswith("-web")))

    def _add_sample_city(self) -> None:
        """A night without the sample is still a night: say so and go on."""
        self._progress("Adding the sample city")
        try:
            Sample(self.settings, self.place, self.env, self._command, self.servers.fresh).add()
        except (Problem, subprocess.TimeoutExpired) as error:
            self._say(f"warning: {error}")

    def _ask_for_first_link(self) -> None:
        """Without the link the night runs too; `staff invite` makes another one."""
        try:
            asked = Administrator(self.settings, self.place, self.env, self._command)
            self.first_link = asked.link()
        except (Problem, subprocess.TimeoutExpired) as error:
            self._say(f"warning: {error}")

    def _with_log(self, summary: str, name: str) -> str:
        lines = self.logs.last_lines(name)
        if not lines:
            return f"{summary} {name} wrote nothing; logs are in {self.place.logs}."
        shown = "\n".join(f"  {line}" for line in lines)
        return f"{summary} The last lines of {self.place.logs / name}.log:\n{shown}"

    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise Problem("Porchlight does not run; start it first.")
        return self._supervisor

    def keep_state(self) -> None:
        """Called now and then: process numbers change when something is started again."""
        if self.alive and self.pids != self._written_pids:
            self._write_state()

    def _write_state(self) -> None:
        self._written_pids = self.pids
        state.write(
            self.place.state,
            State(
                pid=os.getpid(),
                port=self.settings.port,
                urls=roster.urls(self.settings),
                servers=self.servers.ports,
                pids=self._written_pids,
                secrets=str(self.place.secrets),
                environment=_only_ours(self.env),
            ),
        )


def _only_ours(environment: ENV) -> dict[str, str]:
    """What another command needs to reach this installation, without the rest of the shell."""
    names = (
        *("REDIS_URL", "SECRET_KEY", "OUTBOX_DIR", "PYTHONPATH"),
        *settings.DATABASE_VARIABLES.values(),
        *settings.URL_VARIABLES.values(),
    )
    return {name: environment[name] for name in names if name in environment}
