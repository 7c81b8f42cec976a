"""The import contracts hold, and would be seen to break."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PRODUCT, ROOT, files, imports

SPOILT = {
    "services/notify/domain/spoilt.py": "import flask\n",
    "services/notify/handlers/spoilt.py": "import psycopg\n",
    "services/notify/ports/spoilt.py": "import services.notify.adapters.spoilt\n",
    "services/notify/adapters/spoilt.py": "import sqlalchemy\n",
    "services/notify/surprise.py": "import services.dispatch\n",
    "services/notify/pages/spoilt.py": "import celery\n",
    "services/notify/worker/spoilt.py": "import flask\n",
    "shared/contracts/spoilt.py": "import redis\n",
    "shared/spoilt.py": "import services.notify\n",
    "local/spoilt.py": "import services.notify\n",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts on the packages in `folder`."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def verdicts(output: str) -> dict[str, str]:
    """Contract -> KEPT or BROKEN."""
    found = {}
    for line in output.splitlines():
        name, _, verdict = line.partition(" (")[0].rpartition(" ")
        if verdict in ("KEPT", "BROKEN"):
            found[name] = verdict
    return found


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the contracts say of a copy of the source in which each is broken."""
    folder = tmp_path_factory.mktemp("spoilt")
    shutil.copy(ROOT / ".importlinter", folder)
    for package in PRODUCT:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name, line in SPOILT.items():
        place = folder / name
        place.parent.with_suffix(".py").unlink(missing_ok=True)
        place.parent.mkdir(exist_ok=True)
        (place.parent / "__init__.py").touch()
        place.write_text(line, encoding="utf-8")
    return verdicts(lint(folder).stdout)


def test_every_import_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(verdicts(done.stdout).values()) == {"KEPT"}


def test_every_import_contract_would_be_seen_to_break(spoilt: dict[str, str]) -> None:
    harmless = "Inside the plumbing: edges, loops, inbox and work, outbox, contracts, basics"
    assert [name for name, verdict in spoilt.items() if verdict == "KEPT"] == [harmless]


def test_the_domain_imports_the_standard_library_only() -> None:
    strangers = []
    for path in files("services"):
        if path.parts[2:3] == ("domain",):
            own = f"services.{path.parts[1]}.domain"
            strangers += [
                f"{path} imports {name}"
                for name in imports(path)
                if name.partition(".")[0] not in sys.stdlib_module_names
                and not f"{name}.".startswith(f"{own}.")
            ]
    assert strangers == []
