"""Becomes a command that dies with its parent; run as a script by the supervisor.

Standard library only.

usage: launch.py PARENT SIGNAL MODE COMMAND...    MODE: plain, namespace (root as nobody) or nobody
"""

from __future__ import annotations

import ctypes
import os
import sys

NOBODY = 65534
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def enter_namespace() -> None:
    """PostgreSQL refuses to be root: keep root's files, be called nobody."""
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def die_with(parent: int, signal_number: int) -> None:
    """The kernel sends the signal when the parent is gone; elsewhere the watchman does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        sys.exit(0)


def main(arguments: list[str]) -> None:
    parent, signal_number, mode, *command = arguments
    if mode == "namespace":
        enter_namespace()
    elif mode == "nobody":
        become_nobody()
    die_with(int(parent), int(signal_number))
    os.execvp(command[0], command)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[4:5]}: {error}")
