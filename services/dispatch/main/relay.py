"""The `relay` role of dispatch."""

from services.dispatch.main.parts import SERVICE, settings_for
from shared.relay import run_relay


def relay() -> None:
    """Carry dispatch's facts to its stream."""
    settings = settings_for("relay")
    run_relay(SERVICE, settings.database_url, settings.redis_url)
