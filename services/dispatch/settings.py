"""Dispatch's settings, read from the environment once. Only `main` reads them."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from shared.env import Env
from shared.grants import read_roles


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
    closed_streets: str
    rush_hours: str
    url: str
    registration_url: str
    notify_url: str
    proxies: int
    session_idle_minutes: int
    session_hours: int
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_claim: str
    oidc_roles: str
    oidc_name: str

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
            closed_streets=env.text("CLOSED_STREETS", ""),
            rush_hours=env.text("RUSH_HOURS", ""),
            url=env.text("DISPATCH_URL", "http://127.0.0.1:8001"),
            registration_url=env.text("REGISTRATION_URL", "http://127.0.0.1:8000"),
            notify_url=env.text("NOTIFY_URL", "http://127.0.0.1:8002"),
            proxies=env.whole("PROXIES", 0),
            session_idle_minutes=env.whole("SESSION_IDLE_MINUTES", 480),
            session_hours=env.whole("SESSION_HOURS", 72),
            oidc_issuer=env.text("OIDC_ISSUER", ""),
            oidc_client_id=env.text("OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.text("OIDC_CLIENT_SECRET", ""),
            oidc_claim=env.text("OIDC_CLAIM", "groups"),
            oidc_roles=env.text("OIDC_ROLES", ""),
            oidc_name=env.text("OIDC_NAME", "the city's account"),
        )
        if settings.osrm_url and settings.valhalla_url:
            env.refuse("OSRM_URL and VALHALLA_URL are both set; keep one of them")
        if settings.map_style_url and not settings.map_attribution:
            env.refuse("MAP_STYLE_URL is set: MAP_ATTRIBUTION has to say whose map it is")
        settings._complain_of_provider(env)
        env.check()
        return settings

    def _complain_of_provider(self, env: Env) -> None:
        named = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)
        if any(named) and not all(named):
            env.refuse("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together")
        try:
            read_roles(self.oidc_roles)
        except ValueError as error:
            env.refuse(f"OIDC_ROLES must be like group=role@city, not {str(error)!r}")
