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
    plan_seconds: float
    osrm_url: str
    valhalla_url: str
    map_style_url: str
    map_attribution: str

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
            plan_seconds=env.seconds("PLAN_SECONDS", 1.0),
            osrm_url=env.text("OSRM_URL", ""),
            valhalla_url=env.text("VALHALLA_URL", ""),
            map_style_url=env.text("MAP_STYLE_URL", ""),
            map_attribution=env.text("MAP_ATTRIBUTION", ""),
        )
        if settings.osrm_url and settings.valhalla_url:
            env.refuse("OSRM_URL and VALHALLA_URL are both set; keep one of them")
        if settings.map_style_url and not settings.map_attribution:
            env.refuse("MAP_STYLE_URL is set: MAP_ATTRIBUTION has to say whose map it is")
        env.check()
        return settings
