"""Notify's settings, read from the environment once. Only main uses it."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from services.notify.adapters.aws import AwsAccount
from services.notify.adapters.mail import Sender, is_address
from services.notify.adapters.smtp_url import MailServer, read_smtp_url
from services.notify.adapters.twilio import TwilioAccount
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
    sms_providers: tuple[str, ...]
    email_providers: tuple[str, ...]
    twilio: TwilioAccount | None
    twilio_tokens: tuple[str, ...]
    aws: AwsAccount | None
    sns_senders: tuple[str, ...]
    sns_topics: tuple[str, ...]
    proxies: int
    sms_rate: float
    email_rate: float

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings in `environ`; raises `SettingsMissing` with everything that is wrong."""
        env = Env(environ)
        outbox_dir = env.text("OUTBOX_DIR", "")
        url = env.text("NOTIFY_URL", "http://127.0.0.1:8002")
        mail_server = _mail_server(env.text("SMTP_URL", ""))
        twilio = _twilio(env, url)
        aws = _aws(env)
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
            url=url,
            mail_server=mail_server,
            mail_sender=_mail_sender(env),
            outbox_dir=Path(outbox_dir) if outbox_dir else None,
            sms_providers=_names(
                env,
                env.text("SMS_PROVIDERS", "twilio" if twilio else ""),
                "SMS_PROVIDERS",
                {"twilio": twilio, "sns": aws},
            ),
            email_providers=_names(
                env,
                env.text("EMAIL_PROVIDERS", "smtp" if mail_server else ""),
                "EMAIL_PROVIDERS",
                {"smtp": mail_server, "ses": aws},
            ),
            twilio=twilio,
            twilio_tokens=_list(env.text("TWILIO_AUTH_TOKEN", "")),
            aws=aws,
            sns_senders=_list(env.text("SNS_FROM", "")),
            sns_topics=_list(env.text("SNS_TOPICS", "")),
            proxies=env.whole("PROXIES", 0),
            sms_rate=env.seconds("SMS_RATE", 1.0),
            email_rate=env.seconds("EMAIL_RATE", 0.0),
        )
        env.check()
        return settings


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace(",", " ").split() if part)


def _names(
    env: Env, text: str, variable: str, ready: Mapping[str, object | None]
) -> tuple[str, ...]:
    """Providers in their order; each has to be one that exists and whose settings are there."""
    names = tuple(dict.fromkeys(_list(text.lower())))
    if names == ("outbox",):
        return ()
    for name in names:
        if name not in ready:
            env.refuse(f"{variable} may name {' and '.join(ready)}, not {name!r}")
        elif ready[name] is None:
            env.refuse(f"{variable} names {name}, but its settings are missing")
    return names


def _twilio(env: Env, url: str) -> TwilioAccount | None:
    account = env.text("TWILIO_ACCOUNT_SID", "")
    if not account:
        return None
    tokens = _list(env.text("TWILIO_AUTH_TOKEN", ""))
    key, secret = env.text("TWILIO_API_KEY", ""), env.text("TWILIO_API_SECRET", "")
    senders = _list(env.text("TWILIO_FROM", ""))
    if not senders:
        env.refuse("TWILIO_FROM must name a number, or the id of a messaging service")
    if not tokens and not (key and secret):
        env.refuse("TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET, must be set")
    # Only the token signs what Twilio tells us; without it nothing is asked to be told.
    callback = f"{url.rstrip('/')}/webhooks/twilio/status" if tokens and _is_public(url) else ""
    base = env.text("TWILIO_BASE_URL", "https://api.twilio.com")
    first = tokens[0] if tokens else ""
    user, password = (key, secret) if key and secret else (account, first)
    return TwilioAccount(base, account, user, password, senders, callback)


def _is_public(url: str) -> bool:
    """Whether a provider could reach the address; it refuses others."""
    host = urlsplit(url).hostname or ""
    return host != "localhost" and not host.startswith("127.")


def _aws(env: Env) -> AwsAccount | None:
    region = env.text("AWS_REGION", "")
    key, secret = env.text("AWS_ACCESS_KEY_ID", ""), env.text("AWS_SECRET_ACCESS_KEY", "")
    if bool(key) != bool(secret):
        env.refuse("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together")
    endpoint = env.text("AWS_ENDPOINT_URL", "")
    configuration, sender = env.text("SES_CONFIGURATION_SET", ""), env.text("SNS_SENDER_ID", "")
    return AwsAccount(region, endpoint, key, secret, configuration, sender) if region else None


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
