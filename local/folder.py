"""The data folder: made, versioned, locked against a second `up`; for stack and verbs."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from local.problems import Problem

VERSION = 1
SPACE_NEEDED = 300_000_000
PATIENCE = 15.0


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def state(self) -> Path:
        return self.path / "state.json"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def version(self) -> Path:
        return self.path / "version"


def prepare(path: Path, space_needed: int = SPACE_NEEDED) -> Folder:
    folder = Folder(path)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_version(folder)
        check_space(path, space_needed)
        folder.logs.mkdir(exist_ok=True)
        folder.version.write_text(f"{VERSION}\n")
    except OSError as error:
        raise Problem(
            f"The data folder {path} cannot be written ({error.strerror}): "
            "make it writable, attach its disk, or choose another with --data."
        ) from error
    return folder


def check_version(folder: Folder) -> None:
    if not folder.version.exists():
        return
    text = folder.version.read_text().strip()
    if not text.isdecimal():
        raise Problem(
            f"{folder.version} should hold a number: is {folder.path} really a data folder "
            "of Porchlight? Choose another with --data."
        )
    if int(text) > VERSION:
        raise Problem(
            f"The data folder {folder.path} was made by a newer Porchlight "
            f"(its version is {text}, this program knows {VERSION}): "
            "update this checkout or choose another folder with --data."
        )


def check_space(path: Path, needed: int) -> None:
    free = shutil.disk_usage(path).free
    if free < needed:
        raise Problem(
            f"Only {free // 1_000_000} MB are free on the disk of {path}, and "
            f"{needed // 1_000_000} MB are needed: make room or choose another folder with --data."
        )


@dataclass(frozen=True)
class Lock:
    """Two locks: `up` alone holds `owner`; `use` is also held while what it left is tidied up."""

    use: int
    owner: int

    def release(self) -> None:
        os.close(self.use)
        os.close(self.owner)


def is_locked(folder: Folder) -> bool:
    """True while an `up` (or what it left to be stopped) uses the folder."""
    if not folder.lock.exists():
        return False
    with folder.lock.open() as file:
        return not _try(file.fileno())


def take_lock(folder: Folder) -> Lock:
    """Waits a little when the former owner was killed and is being tidied up."""
    owner = _open(folder.lock.with_name("lock.owner"))
    use = _open(folder.lock)
    deadline = time.monotonic() + PATIENCE
    owned = _try(owner)
    while owned and not _try(use):
        owned = time.monotonic() < deadline
        time.sleep(0.05)
    if not owned:
        os.close(owner)
        os.close(use)
        raise Problem(
            f"Porchlight already runs with the data folder {folder.path}: "
            "stop it first or choose another folder with --data."
        )
    return Lock(use, owner)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
