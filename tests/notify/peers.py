"""Providers for tests: Twilio by Prism or by a script, and AWS as moto plays it."""

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from local.ports import any_free
from local.settings import ROOT
from services.notify.adapters.aws import AwsAccount
from services.notify.adapters.twilio import TwilioAccount
from tests.waiting import eventually

PRISM = ROOT / "tools" / "prism"
SID = "AC" + "a" * 32
FROM = "+16265550100"
Clocked = Callable[[], datetime]


def account_at(url: str, *senders: str, callback: str = "") -> TwilioAccount:
    return TwilioAccount(url, SID, SID, "token", senders or (FROM,), callback)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code > 0
    except httpx.HTTPError:
        return False


def has_prism() -> bool:
    return bool(shutil.which("node")) and (PRISM / "twilio_api_v2010.json").exists()


@contextmanager
def prism() -> Iterator[str]:
    """Twilio's own description of its API, served by Prism; its address."""
    port = any_free()
    command = [
        *(PRISM / "node_modules" / ".bin" / "prism", "mock", "--errors"),
        *("-h", "127.0.0.1", "-p", str(port), PRISM / "twilio_api_v2010.json"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        eventually(partial(answers, url), seconds=60)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def moto() -> Iterator[str]:
    """AWS as moto plays it, in a process; its address."""
    port = any_free()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        eventually(partial(answers, f"{url}/moto-api/"), seconds=60)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def aws_at(url: str) -> AwsAccount:
    return AwsAccount("us-east-1", url, "key", "secret", "", "")


@dataclass
class Twin:
    """Stands for Twilio and keeps what it took. `script` says for each form what to do with it.

    take, 201 · 429, 500, 503, 504 · an error code such as 21211 · hang: never answers · close:
    takes it and hangs up · cut: takes it and hangs up amid the answer · lost: does not take it.
    With `behind` each request must please Prism first.
    """

    script: Callable[[dict[str, str]], str] = lambda _form: "take"
    behind: str = ""
    clock: Clocked = lambda: datetime.now(UTC)
    forms: list[dict[str, str]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[Any] = field(default_factory=list)
    url: str = ""

    def bodies(self) -> list[str]:
        """The words of what was taken, in order."""
        return [message["body"] for message in self.taken]

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        message = {
            "sid": f"SM{len(self.taken):032x}",
            "to": form["To"],
            "from": form.get("From"),
            "body": form["Body"],
            "direction": "outbound-api",
            "status": "queued",
            "date_created": format_datetime(self.clock()),
        }
        self.taken.append(message)
        return message


@contextmanager
def twin(**how: Any) -> Iterator[Twin]:
    """A `Twin` as long as the block lasts."""
    told = Twin(**how)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, told))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, told: Twin, *args: Any) -> None:
        self.told = told
        super().__init__(*args)

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        self._ask_prism("GET", b"")
        found = [m for m in reversed(self.told.taken) if m["to"] == query.get("To", m["to"])]
        self._answer(200, {"messages": found})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        form = {k: v[0] for k, v in parse_qs(raw.decode(), keep_blank_values=True).items()}
        refusal = self._ask_prism("POST", raw)
        if refusal:
            self._answer(400, refusal)
            return
        self.told.forms.append(form)
        self._play(self.told.script(form), form)

    def _play(self, what: str, form: dict[str, str]) -> None:
        if what == "take":
            self._answer(201, self.told.take(form))
        elif what in ("close", "cut", "lost"):
            message = self.told.take(form) if what != "lost" else {}
            self._hang_up(json.dumps(message).encode() if what == "cut" else b"")
        elif what.startswith("aws "):
            _, status, code = what.split()
            xml = f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"
            self._send(int(status), xml.encode(), "text/xml")
        elif what == "hang":
            self.connection.settimeout(20)
            self.connection.recv(1)
        elif int(what) < 1000:
            self._answer(int(what), {"code": 20429} if what == "429" else {}, retry="7")
        else:
            self._answer(400, {"code": int(what), "message": "no", "status": 400})

    def _hang_up(self, half: bytes) -> None:
        if half:
            self.send_response(201)
            self.send_header("Content-Length", str(len(half)))
            self.end_headers()
            self.wfile.write(half[: len(half) // 2])
            self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _answer(self, status: int, body: Any, retry: str = "") -> None:
        self._send(status, json.dumps(body).encode(), "application/json", retry)

    def _send(self, status: int, content: bytes, kind: str, retry: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if retry:
            self.send_header("Retry-After", retry)
        self.end_headers()
        self.wfile.write(content)

    def _ask_prism(self, method: str, body: bytes) -> Any:
        """What Prism has against the request; Twilio's examples break its rules."""
        if not self.told.behind:
            return None
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        url = self.told.behind + self.path
        answer = httpx.request(method, url, content=body, headers=headers, timeout=20)
        if answer.is_success:
            return None
        wrong = [w for w in answer.json()["validation"] if w["location"][0] != "response"]
        self.told.complaints += wrong
        return {"code": 0, "wrong": wrong} if wrong else None
