"""Stands in for a service: its roles and answers, with nothing behind them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ready = "NOT_READY" not in os.environ
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(json.dumps({"detail": "its worker is silent"}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """No line for each request."""


def note(text: str) -> None:
    """The order of what happened, over all processes."""
    path = os.environ.get("STANDIN_NOTES")
    if path:
        with Path(path).open("a") as file:
            file.write(f"{text}\n")


def wait_for_term(name: str) -> None:
    if "STANDIN_CHILD" in os.environ:
        child = subprocess.Popen(["sleep", "600"], start_new_session=False)
        note(f"child {child.pid}")
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: ended.set())
    print(f"{name} is at work", flush=True)
    ended.wait()
    note(f"{name} stopped")


def web(name: str) -> None:
    port = int(os.environ["PORT"])
    server = ThreadingHTTPServer((os.environ.get("BIND", "127.0.0.1"), port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wait_for_term(name)


def main(service: str) -> None:
    role, *rest = sys.argv[1:]
    name = f"{service}-{role}"
    if role == "web":
        web(name)
    elif role in ("worker", "relay", "planner"):
        wait_for_term(name)
    else:
        note(" ".join((service, role, *rest)) + f" in {Path.cwd()}")
        print(" ".join((service, role, *rest)))
        sys.exit(int(os.environ.get("STANDIN_CODE", "0")))
