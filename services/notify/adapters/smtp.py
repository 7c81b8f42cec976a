"""Hands e-mail to a mail server by SMTP, a batch over one connection.

A letter that was refused for good is `Refused`, one that may go later `Deferred`. Where the line
breaks after the words were sent and before the server answered, nobody knows: `Unsure`.
"""

import smtplib
import ssl
import time
from collections.abc import Mapping, Sequence

from services.notify.adapters.mail import BadAddress, Sender, to_mail
from services.notify.adapters.smtp_url import MailServer
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.domain.wording import masked, one_line
from services.notify.ports.senders import Letter, Sought
from shared.clock import Clock

_BROKEN = (smtplib.SMTPException, OSError)
BATCH_SECONDS = 20.0


class Smtp:
    """Fulfils `EmailSender`."""

    name = "smtp"

    def __init__(
        self, server: MailServer, sender: Sender, clock: Clock, timeout: float = 10.0
    ) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._timeout = timeout

    def send_letters(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        until = time.monotonic() + BATCH_SECONDS
        line = _Line(self._server, self._timeout)
        try:
            return [self._send(line, letter, until) for letter in letters]
        finally:
            line.hang_up()

    def known(self, _sought: Sequence[Sought]) -> Mapping[str, Outcome] | None:
        return None

    def _send(self, line: "_Line", letter: Letter, until: float) -> Outcome:
        try:
            mail = to_mail(letter, self._sender, self._clock.now())
        except BadAddress:
            return Refused("this is not an e-mail address")
        if time.monotonic() > until:
            return Deferred("the mail server is slow")
        try:
            smtp = line.open()
        except _BROKEN as error:
            return Deferred(f"the mail server cannot be used: {_why(error)}")
        if not letter.to.isascii() and not smtp.has_extn("smtputf8"):
            return Refused("the mail server takes only plain ASCII addresses")
        outcome = _converse(smtp, self._sender.address, letter.to, mail.as_bytes())
        if not isinstance(outcome, Accepted):
            line.hang_up()
        return outcome


class _Line:
    """A connection that is opened when it is needed; after one failure it stays closed."""

    def __init__(self, server: MailServer, timeout: float) -> None:
        self._server = server
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None
        self._failure: smtplib.SMTPException | OSError | None = None

    def open(self) -> smtplib.SMTP:
        if self._failure:
            raise self._failure
        if self._smtp is None:
            try:
                self._smtp = _connect(self._server, self._timeout)
            except _BROKEN as error:
                self._failure = error
                raise
        return self._smtp

    def hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except _BROKEN:
            smtp.close()


def _connect(server: MailServer, timeout: float) -> smtplib.SMTP:
    trust = ssl.create_default_context(cafile=server.ca_file or None)
    if server.security == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=timeout, context=trust
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        if server.secures_itself:
            smtp.starttls(context=trust)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except _BROKEN:
        smtp.close()
        raise
    return smtp


def _converse(smtp: smtplib.SMTP, sender: str, to: str, content: bytes) -> Outcome:
    try:
        options = () if to.isascii() else ("SMTPUTF8",)
        code, answer = smtp.mail(sender, options)
        if code == 250:
            code, answer = smtp.rcpt(to)
    except _BROKEN as error:
        return Deferred(f"the mail server hung up: {_why(error)}")
    if code not in (250, 251):
        return _judge(code, answer, to)
    return _deliver(smtp, to, content)


def _deliver(smtp: smtplib.SMTP, to: str, content: bytes) -> Outcome:
    try:
        code, answer = smtp.data(content)
    except smtplib.SMTPDataError as error:
        return _judge(error.smtp_code, error.smtp_error, to)
    except _BROKEN:
        return Unsure("the mail server hung up before it said whether it has the message")
    return Accepted() if code == 250 else _judge(code, answer, to)


def _judge(code: int, answer: bytes | str, to: str) -> Outcome:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    said = one_line(text.replace(to, masked("email", to)))[:200]
    if code >= 500:
        return Refused(f"the mail server refused it: {code} {said}")
    return Deferred(f"the mail server asked to wait: {code} {said}")


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answered {error.smtp_code}"
    return type(error).__name__
