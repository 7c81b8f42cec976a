"""Imports the modules named as arguments while no connection can be made. A test runs it alone."""

import importlib
import sys
import threading

# urllib3, which Authlib brings, looks in this way whether the machine knows IPv6.
HARMLESS = ("socket.bind", ("::1", 0))
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen")


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: ends the process at the first attempt to reach out."""
    if event in FORBIDDEN and (event, arguments[-1]) != HARMLESS:
        print(f"importing {importing} does {event} {arguments}", file=sys.stderr)
        raise SystemExit(1)


importing = ""
sys.addaudithook(refuse)
for name in sys.argv[1:]:
    importing = name
    importlib.import_module(name)
    if threading.active_count() > 1:
        raise SystemExit(f"importing {name} starts a thread: {threading.enumerate()}")
