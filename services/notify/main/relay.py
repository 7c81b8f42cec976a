"""The `relay` role of notify."""

from services.notify.main.parts import SERVICE, settings_for
from shared.relay import run_relay


def relay() -> None:
    """Carry notify's own facts to Redis."""
    settings = settings_for("relay")
    run_relay(SERVICE, settings.database_url, settings.redis_url)
