"""Importing a module does nothing but define things: it connects nowhere and starts nothing."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PRODUCT, ROOT, files, module_name

SCRIPT = Path(__file__).with_name("import_everything.py")
# Entry points run when imported; migrations are run by Alembic, inside its own context.
RUN_NOT_IMPORTED = ("__main__.py", "migrations")


def test_importing_every_module_connects_nowhere_and_starts_nothing() -> None:
    names = [
        module_name(path)
        for path in files(*PRODUCT)
        if not set(path.parts).intersection(RUN_NOT_IMPORTED)
    ]
    kept = {k: v for k, v in os.environ.items() if not k.endswith("_URL") and k != "SECRET_KEY"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *names],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
