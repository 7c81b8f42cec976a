"""When a message that could not be handed over is tried again. Pure; handlers call it."""

from datetime import datetime, timedelta

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=10)


def next_try(attempts: int, now: datetime, expires_at: datetime) -> datetime | None:
    """Twice as long after each attempt, up to ten minutes; None when that would be too late."""
    due = now + min(_FIRST * 2 ** min(attempts - 1, 10), _LONGEST)
    return due if due < expires_at else None
