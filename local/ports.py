"""Which TCP ports are free; for the servers and for `up`."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from local.problems import Problem

HIGHEST = 65535


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free(preferred: int | None = None) -> int:
    """The preferred port where possible, so that addresses stay the same over restarts."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(ports: Mapping[str, int], host: str) -> None:
    for service, port in ports.items():
        if not 0 < port <= HIGHEST:
            raise Problem(f"{port} is not a port for {service}: choose one with --port.")
        if not is_free(port, host):
            raise Problem(
                f"Port {port} (for {service}) is taken on {host}: "
                "stop the program that uses it or choose other ports with --port."
            )
