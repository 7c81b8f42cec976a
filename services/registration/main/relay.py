"""The `relay` role of registration."""

from services.registration.main.parts import SERVICE, settings_for
from shared.relay import run_relay


def relay() -> None:
    """Carry registration's facts to Redis."""
    settings = settings_for("relay")
    run_relay(SERVICE, settings.database_url, settings.redis_url)
