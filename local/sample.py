"""Adds the sample city through the registration service's own command line; for the stack."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.folder import Folder
from local.problems import Problem
from local.roster import Command
from local.settings import Settings

CITY = "pasadena"
FOLDER = Path("local", "sample")
PATIENCE = 60


@dataclass(frozen=True)
class Sample:
    settings: Settings
    place: Folder
    environment: Mapping[str, str]
    command: Command
    fresh: bool

    def add(self) -> None:
        """Once for each data folder; with databases of one's own, whenever the city is missing."""
        mark = self.place.path / "sample-added"
        embedded = self.settings.own.database_urls is None
        if embedded and mark.exists():
            return
        if self.fresh or CITY not in self._run("city", "list"):
            files = self.settings.root / FOLDER
            self._run("city", "add", str(files / f"{CITY}.toml"))
            self._run("import", str(files / f"{CITY}.csv"), "--city", CITY)
        mark.touch()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self.command("registration", arguments[0]), *arguments[1:]],
            env=dict(self.environment),
            cwd=self.settings.root,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason was given"]
            raise Problem(f"The sample city could not be added: {said[-1]}")
        return done.stdout
