"""Notify's settings, read from the environment once. Only main uses it."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path

from services.notify.adapters.mail import Sender, is_address
from services.notify.adapters.smtp_url import MailServer, read_smtp_url
from shared.env import Env, SettingsMissing

_MAIL = (("MAIL_FROM", "porchlight@localhost.localdomain"), ("MAIL_REPLY_TO", ""))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a notify process needs to know."""

    database_url: str
    redis_url: str
    secret: str
    bind: str
    port: int
    instance: str
    log_format: str
    registration_url: str
    dispatch_url: str
    url: str
    mail_server: MailServer | None
    mail_sender: Sender
    outbox_dir: Path | None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings in `environ`; raises `SettingsMissing` with everything that is wrong."""
        env = Env(environ)
        outbox_dir = env.text("OUTBOX_DIR", "")
        settings = cls(
            database_url=env.text("NOTIFY_DATABASE_URL"),
            redis_url=env.text("REDIS_URL"),
            secret=env.text("SECRET_KEY"),
            bind=env.text("BIND", "127.0.0.1"),
            port=env.whole("PORT", 8002),
            instance=env.text("INSTANCE", socket.gethostname()),
            log_format=env.text("LOG_FORMAT", "console"),
            registration_url=env.text("REGISTRATION_URL", "http://127.0.0.1:8000"),
            dispatch_url=env.text("DISPATCH_URL", "http://127.0.0.1:8001"),
            url=env.text("NOTIFY_URL", "http://127.0.0.1:8002"),
            mail_server=_mail_server(env.text("SMTP_URL", "")),
            mail_sender=_mail_sender(env),
            outbox_dir=Path(outbox_dir) if outbox_dir else None,
        )
        env.check()
        return settings


def _mail_sender(env: Env) -> Sender:
    """Addresses may come with a name; hosts see the name of their city's programme instead."""
    found = [parseaddr(env.text(name, default))[1] for name, default in _MAIL]
    for (name, _), address in zip(_MAIL, found, strict=True):
        if env.text(name, "") and not is_address(address):
            raise SettingsMissing(
                f"Porchlight cannot start: {name} must be an e-mail address. See .env.example."
            )
    return Sender(found[0], found[1])


def _mail_server(url: str) -> MailServer | None:
    try:
        return read_smtp_url(url) if url else None
    except ValueError as error:
        raise SettingsMissing(f"Porchlight cannot start: {error}. See .env.example.") from error
