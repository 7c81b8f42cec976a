"""Says what the night's actions changed, as facts. The handlers beside it use it."""

from collections.abc import Mapping

from services.dispatch.handlers.turn import Acting, Folded


def say_visits(
    ports: Acting, city: str, found: Folded, revisions: Mapping[tuple[str, str], int]
) -> None:
    """Say what became of visits."""


def say_night(ports: Acting, city: str, found: Folded) -> None:
    """Say what became of the night."""
