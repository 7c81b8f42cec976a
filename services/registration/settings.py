"""Registration's settings, read from the environment by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass
from socket import gethostname

from shared.env import Env


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    database_url: str
    redis_url: str
    secret_key: str
    url: str
    dispatch_url: str
    notify_url: str
    bind: str
    port: int
    web_workers: int
    web_threads: int
    log_format: str
    instance: str
    proxies: int
    guarded: bool

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings in `environ`; ends the process with every complaint at once."""
        env = Env(environ)
        found = cls(
            database_url=env.text("REGISTRATION_DATABASE_URL"),
            redis_url=env.text("REDIS_URL"),
            secret_key=env.text("SECRET_KEY"),
            url=env.text("REGISTRATION_URL", "http://127.0.0.1:8000"),
            dispatch_url=env.text("DISPATCH_URL", "http://127.0.0.1:8001"),
            notify_url=env.text("NOTIFY_URL", "http://127.0.0.1:8002"),
            bind=env.text("BIND", "127.0.0.1"),
            port=env.whole("PORT", 8000),
            web_workers=env.whole("WEB_WORKERS", 1),
            web_threads=env.whole("WEB_THREADS", 8),
            log_format=env.text("LOG_FORMAT", "console"),
            instance=env.text("INSTANCE", gethostname()),
            proxies=env.whole("PROXIES", 0),
            guarded=_guarded(env),
        )
        env.check()
        return found


def _guarded(env: Env) -> bool:
    """Whether new parties are counted and looked at; off for load tests."""
    found = env.text("SPAM_GUARD", "on")
    if found not in ("on", "off"):
        env.refuse(f"SPAM_GUARD must be on or off, not {found!r}")
    return found != "off"
