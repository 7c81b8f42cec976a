"""Makes `.venv` and installs a hashed lock into it; run by the shell wrapper.

Any Python >= 3.11, standard library only. Two first starts at once wait for one another.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ("requirements.lock", "requirements-dev.lock")
INSTALLER_LOCK = ROOT / "local" / "installer.lock"
NEWEST_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


class Failed(Exception):
    """One sentence for the user."""


def say(text: str) -> None:
    print(f"porchlight: {text}", file=sys.stderr, flush=True)


def succeeds(*command: str | Path, shown: bool = False) -> bool:
    where = None if shown else subprocess.DEVNULL
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, stdout=where, stderr=where, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def alone() -> Iterator[None]:
    """One installer at a time; what is locked is the folder of the checkout."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def stamp(lock: str) -> Path:
    return VENV / f"installed-{lock}"


def is_installed(lock: str) -> bool:
    if not (PYTHON.exists() and stamp(lock).exists()):
        return False
    return stamp(lock).read_bytes() == (ROOT / lock).read_bytes()


def pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text().splitlines()
    return {line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}


def write_stamps(lock: str) -> None:
    """Also for every lock whose pins are all among those just installed."""
    for other in LOCKS:
        if other == lock or pins(other) <= pins(lock):
            shutil.copyfile(ROOT / other, stamp(other))


def make_venv() -> None:
    if succeeds(PYTHON, "-c", NEWEST_ENOUGH):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not succeeds(sys.executable, "-m", "venv", "--without-pip", VENV):
        raise Failed(
            f"The virtual environment {VENV} could not be made: "
            "is the disk full or the folder read-only?"
        )


def has_pip() -> bool:
    return succeeds(PYTHON, "-m", "pip", "--version") or succeeds(PYTHON, "-m", "ensurepip")


def find_uv() -> str | None:
    """An own uv, else a pinned one in the environment; none is no reason to fail."""
    own = VENV / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found:
        return found
    quiet = ("-q", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:")
    if has_pip() and succeeds(PYTHON, "-m", "pip", "install", *quiet, "-r", INSTALLER_LOCK):
        return str(own) if own.exists() else None
    return None


def install_with_uv(lock: str) -> bool:
    uv = find_uv()
    if uv is None:
        return False
    words = ("pip", "install", "-q", "--require-hashes", "--compile-bytecode", "--python", PYTHON)
    return succeeds(uv, *words, "-r", ROOT / lock)


def install_with_pip(lock: str) -> None:
    if not has_pip():
        raise Failed(
            "This Python has neither pip nor ensurepip: install them "
            "(on Debian: apt install python3-venv) or uv, and run this again."
        )
    words = ("install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", ROOT / lock)
    if not succeeds(PYTHON, "-m", "pip", *words, shown=True):
        raise Failed("Installing failed, see above: check the network and run this again.")


def install(lock: str) -> None:
    with alone():
        if is_installed(lock):
            return
        say("installing what it needs into .venv (once; less than a minute) …")
        make_venv()
        for other in LOCKS:
            stamp(other).unlink(missing_ok=True)
        if not install_with_uv(lock):
            install_with_pip(lock)
        write_stamps(lock)


def main() -> None:
    try:
        install(sys.argv[1])
    except Failed as failure:
        say(str(failure))
        sys.exit(2)
    except OSError as error:
        say(f"{error.filename or VENV}: {error.strerror}.")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
