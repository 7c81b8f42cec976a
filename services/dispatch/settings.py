"""Dispatch's settings, read from the environment once. Only `main` reads them."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from shared.env import Env


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured from outside."""

    database_url: str
    redis_url: str
    secret: str
    bind: str
    port: int
    instance: str
    log_format: str

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings; raises `SettingsMissing` with every complaint at once."""
        env = Env(environ)
        settings = cls(
            database_url=env.text("DISPATCH_DATABASE_URL"),
            redis_url=env.text("REDIS_URL"),
            secret=env.text("SECRET_KEY"),
            bind=env.text("BIND", "127.0.0.1"),
            port=env.whole("PORT", 8001),
            instance=env.text("INSTANCE", socket.gethostname()),
            log_format=env.text("LOG_FORMAT", "console"),
        )
        env.check()
        return settings
