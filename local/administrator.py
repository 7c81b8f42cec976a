"""Asks dispatch, by its command line, for the first administrator's link; for the stack."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from local.folder import Folder
from local.problems import Problem
from local.roster import Command
from local.settings import Settings

PATIENCE = 60


@dataclass(frozen=True)
class Administrator:
    settings: Settings
    place: Folder
    environment: Mapping[str, str]
    command: Command

    def link(self) -> str:
        """The link, or '' once somebody can sign in; then the next start does not ask any more."""
        mark = self.place.path / "administrator-made"
        if mark.exists():
            return ""
        done = subprocess.run(
            [*self.command("dispatch", "staff"), "first"],
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
            raise Problem(f"No link for the first administrator could be made: {said[-1]}")
        if not done.stdout.strip() and self.settings.own.database_urls is None:
            mark.touch()
        links = (line for line in done.stdout.splitlines() if line.startswith("http"))
        return next(links, "")
