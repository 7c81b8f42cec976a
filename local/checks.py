"""`./porchlight test`: lint, types, import rules and tests; with arguments only the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local.settings import ROOT

LINTS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
COMPILE = (sys.executable, "-m", "services.dispatch.planner")
"""Fills the cache of compiled kernels: workers that all miss it would all compile them."""


def run(arguments: tuple[str, ...]) -> int:
    """Everything is run even after a failure: one round shows all there is to mend."""
    if arguments:
        return _run(_tool("pytest"), *arguments)
    with subprocess.Popen(COMPILE, cwd=ROOT, stdout=subprocess.DEVNULL):
        failed = [lint[0] for lint in LINTS if _run(_tool(lint[0]), *lint[1:]) != 0]
    code = _run(_tool("pytest"), *in_parallel(os.cpu_count()))
    if failed:
        print(f"Not clean: {', '.join(dict.fromkeys(failed))}.", file=sys.stderr)
    return code or bool(failed)


def in_parallel(cores: int | None) -> tuple[str, ...]:
    """Whole files to each worker; one worker more than cores, because tests also wait."""
    return "-n", str(max(2, cores or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _run(*command: str) -> int:
    print(f"\n$ {Path(command[0]).name} {' '.join(command[1:])}".rstrip(), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode
