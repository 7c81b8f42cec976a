"""Adds the sample city through the services' own command lines; for the stack."""

from __future__ import annotations

import subprocess
import time
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
HEARING = 20.0
SKETCH = "A sketch of main streets"
"""Drawn as straight lines on Pasadena's regular grid, for trying the software out."""


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
        if self.fresh or CITY not in self._run("registration", "city", "list"):
            self._add()
        mark.touch()

    def _add(self) -> None:
        self._run("registration", "city", "add", self._file(".toml"))
        addresses = ("registration", "addresses")
        self._run(*addresses, "load", self._file("_addresses.csv"), "--city", CITY)
        streets = self._file("_streets.geojson")
        self._run(*addresses, "streets", streets, "--city", CITY, "--attribution", SKETCH)
        self._run("registration", "import", self._file(".csv"), "--city", CITY)
        self._draw_board(streets)

    def _draw_board(self, streets: str) -> None:
        """Dispatch takes streets of a city that it has heard of, which takes a moment."""
        until = time.monotonic() + HEARING
        while True:
            try:
                self._run("dispatch", "streets", "--city", CITY, "--attribution", SKETCH, streets)
            except Problem:
                if time.monotonic() > until:
                    raise
            else:
                return

    def _file(self, ending: str) -> str:
        return str(self.settings.root / FOLDER / f"{CITY}{ending}")

    def _run(self, service: str, verb: str, *arguments: str) -> str:
        done = subprocess.run(
            [*self.command(service, verb), *arguments],
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
