"""A real mail server in a thread (aiosmtpd) that demands STARTTLS and a password."""

import socket
import ssl
import threading
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, BinaryIO

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from services.notify.adapters.smtp_url import MailServer

CERTIFICATE = Path(__file__).parent / "certs" / "localhost.pem"
USER, PASSWORD = "porchlight", "p@ss/word"


class Post:
    """Keeps what arrives; addresses that begin with a known word are treated as the word says."""

    def __init__(self) -> None:
        self.mail: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: object
    ) -> str:
        if address.startswith("nobody"):
            return f"550 5.1.1 <{address}> is unknown here"
        if address.startswith("greylisted"):
            return "451 4.7.1 Please try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        to = envelope.rcpt_tos[0]
        if to.startswith("spam"):
            return "554 5.7.1 Refused as spam"
        if to.startswith("vanish"):
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
            return "421 gone"
        assert isinstance(envelope.content, bytes)
        self.mail.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(to)
        return "250 Taken"


@contextmanager
def mail_server(post: Post, secure: bool = True) -> Iterator[MailServer]:
    """A server as long as the block lasts; where to find it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    port = _free_port()
    secured: dict[str, Any] = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": _authenticate,
    }
    controller = Controller(post, hostname="127.0.0.1", port=port, **(secured if secure else {}))
    controller.start()
    try:
        yield MailServer("smtp+starttls", "127.0.0.1", port, USER, PASSWORD, str(CERTIFICATE))
    finally:
        controller.stop()


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(
        USER.encode(), PASSWORD.encode()
    )
    return AuthResult(success=right, handled=right)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def hanging_server(stops: str) -> Iterator[MailServer]:
    """A server that says nothing any more at a point: greeting, mail, data, or end of the data."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_converse, args=(listening, stops), daemon=True).start()
        port = int(listening.getsockname()[1])
        yield MailServer("smtp", "127.0.0.1", port, "", "", "")


def _converse(listening: socket.socket, stops: str) -> None:
    with suppress(OSError):
        line, _ = listening.accept()
        with line, line.makefile("rb") as heard:
            _answer(line, heard, stops)
            line.settimeout(5)
            line.recv(1)


def _answer(line: socket.socket, heard: BinaryIO, stops: str) -> None:
    if stops == "greeting":
        return
    line.sendall(b"220 hello\r\n")
    for said in heard:
        word = said[:4].upper().strip()
        if word.lower().decode() == stops:
            return
        if word == b"DATA":
            line.sendall(b"354 go on\r\n")
            while next(heard) != b".\r\n":
                pass
            return
        line.sendall(b"250 fine\r\n")
