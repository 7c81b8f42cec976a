"""`./porchlight dead-letters`: asks all three services, each through its own command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from local import roster
from local.settings import SERVICES

Done = subprocess.CompletedProcess[str]


def list_all(variables: Mapping[str, str]) -> int:
    done = _ask_all(("list",), variables)
    for service, answer in done.items():
        print(f"{service}:")
        print(_indent(answer.stdout.rstrip() or "no dead letters"))
        if answer.stderr:
            print(answer.stderr.rstrip(), file=sys.stderr)
    return max(answer.returncode for answer in done.values())


def act_on_one(verb: str, identity: str, variables: Mapping[str, str]) -> int:
    """Ids are unique over all services, so only the owner knows it; the others refuse."""
    done = _ask_all((verb, identity), variables)
    for service, answer in done.items():
        if answer.returncode == 0:
            print(f"{service}:")
            print(_indent(answer.stdout.rstrip()))
            return 0
    reasons = dict.fromkeys(answer.stderr.strip() or "no reason" for answer in done.values())
    print(f"No service could {verb} the dead letter {identity}:", file=sys.stderr)
    print(_indent("\n".join(reasons)), file=sys.stderr)
    return 1


def _ask_all(arguments: tuple[str, ...], variables: Mapping[str, str]) -> dict[str, Done]:
    def ask(service: str) -> Done:
        command = [*roster.service_command(service, "dead-letters"), *arguments]
        return subprocess.run(
            command, env=dict(variables), capture_output=True, text=True, check=False
        )

    with ThreadPoolExecutor(len(SERVICES)) as pool:
        return dict(zip(SERVICES, pool.map(ask, SERVICES), strict=True))


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
