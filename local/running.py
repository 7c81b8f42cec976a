"""Finds the installation that a verb is about; for the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from local import folder, keys, roster, state
from local.folder import Folder
from local.problems import Problem
from local.settings import DATABASE_VARIABLES, ROOT
from local.state import State

NEEDED = ("REDIS_URL", *DATABASE_VARIABLES.values())


def running_state(data: Path) -> State:
    place = Folder(data.absolute())
    found = state.read(place.state)
    if found is None or not folder.is_locked(place):
        raise Problem(
            f"No Porchlight runs with the data folder {place.path}: start it with "
            "`./porchlight up`, or name its folder with --data."
        )
    return found


def environment(data: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The user's own servers where all are named, else those of the running installation."""
    if all(given.get(name) for name in NEEDED):
        return {**given, "PYTHONPATH": str(ROOT)}
    return {**given, **running_state(data).environment}


def secret_key(data: Path, given: Mapping[str, str]) -> str:
    """Signing needs no running installation, only its key."""
    if given.get("SECRET_KEY"):
        return given["SECRET_KEY"]
    place = Folder(data.absolute())
    if not place.secrets.exists():
        raise Problem(
            f"There is no key in {place.path} yet: start Porchlight once with `./porchlight up`, "
            "name its folder with --data, or set SECRET_KEY."
        )
    return keys.keep(place.secrets).secret_key


def become(service: str, arguments: tuple[str, ...], variables: Mapping[str, str]) -> NoReturn:
    """Turns this process into the service's own command line: same terminal, same exit code."""
    command = [*roster.service_command(service, arguments[0]), *arguments[1:]]
    sys.stdout.flush()
    os.execve(command[0], command, dict(variables))
