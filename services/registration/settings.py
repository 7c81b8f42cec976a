"""Registration's settings, read from the environment by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass
from socket import gethostname

from shared.env import Env

GEOCODERS = ("census", "nominatim", "photon", "pelias")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    database_url: str
    redis_url: str
    secret_key: str
    url: str
    dispatch_url: str
    notify_url: str
    geocoder_url: str
    map_style_url: str
    map_attribution: str
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
            geocoder_url=env.text("GEOCODER_URL", ""),
            map_style_url=env.text("MAP_STYLE_URL", ""),
            map_attribution=env.text("MAP_ATTRIBUTION", ""),
            bind=env.text("BIND", "127.0.0.1"),
            port=env.whole("PORT", 8000),
            web_workers=env.whole("WEB_WORKERS", 1),
            web_threads=env.whole("WEB_THREADS", 8),
            log_format=env.text("LOG_FORMAT", "console"),
            instance=env.text("INSTANCE", gethostname()),
            proxies=env.whole("PROXIES", 0),
            guarded=_guarded(env),
        )
        if found.map_style_url and not found.map_attribution:
            env.refuse("MAP_STYLE_URL is set: MAP_ATTRIBUTION has to say whose map it is")
        _check_geocoder(env, found.geocoder_url)
        env.check()
        return found


def _check_geocoder(env: Env, url: str) -> None:
    kind, plus, rest = url.partition("+")
    if url and not (plus and kind in GEOCODERS and rest.startswith(("http://", "https://"))):
        kinds = ", ".join(GEOCODERS)
        env.refuse(f"GEOCODER_URL has to be KIND+https://…, where KIND is one of {kinds}")


def _guarded(env: Env) -> bool:
    """Whether new parties are counted and looked at; off for load tests."""
    found = env.text("SPAM_GUARD", "on")
    if found not in ("on", "off"):
        env.refuse(f"SPAM_GUARD must be on or off, not {found!r}")
    return found != "off"
