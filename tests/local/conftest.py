"""A checkout whose services are stand-ins, and `up` run from it as a user would."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.settings import DATABASE_VARIABLES, ROOT, SERVICES
from tests.waiting import eventually

STANDIN = Path(__file__).parent / "standins" / "service.py"
MAIN = 'from services.standin import main\n\nmain("{service}")\n'


def lives(pid: int) -> bool:
    """A zombie that nobody has fetched yet does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Checkout:
    root: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env=self.environment(),
            cwd=cwd or self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command("up", "--data", str(self.data), *words),
            env=self.environment(),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "local", *words]

    def environment(self) -> dict[str, str]:
        ours = {"REDIS_URL", "SECRET_KEY", *DATABASE_VARIABLES.values()}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        notes = {"STANDIN_NOTES": str(self.notes), "PYTHONPATH": str(self.root)}
        return {**kept, **notes, **self.variables}

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def notes(self) -> Path:
        return self.home / "notes"

    def noted(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture(scope="session")
def _root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    for name in ("local", "shared"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    services = root / "services"
    services.mkdir()
    (services / "__init__.py").touch()
    shutil.copyfile(STANDIN, services / "standin.py")
    for service in SERVICES:
        (services / service).mkdir()
        (services / service / "__init__.py").touch()
        (services / service / "__main__.py").write_text(MAIN.format(service=service))
    return root


@pytest.fixture
def checkout(_root: Path, tmp_path: Path) -> Checkout:
    return Checkout(_root, tmp_path)


Started = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started(checkout: Checkout) -> Iterator[Started]:
    """Starts `up` and waits for its table; whatever still runs afterwards is stopped."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        up = checkout.start(*words)
        running.append(up)
        return up

    yield start
    for up in running:
        if up.poll() is None:
            up.send_signal(signal.SIGTERM)
        up.communicate(timeout=60)


def read_until(up: subprocess.Popen[str], text: str) -> list[str]:
    """Lines of output up to the one that holds `text`."""
    lines: list[str] = []
    assert up.stdout is not None
    for line in up.stdout:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(f"it ended without {text!r}: {''.join(lines)}")


def all_gone(pids: list[int]) -> None:
    eventually(lambda: [pid for pid in pids if lives(pid)], [])
