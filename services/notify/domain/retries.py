"""When a message that could not be handed over is tried again. Pure; handlers call it."""

from datetime import datetime, timedelta

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=10)


def next_try(
    attempts: int, now: datetime, expires_at: datetime, seconds: float = 0
) -> datetime | None:
    """Twice as long after each attempt, up to ten minutes; None when that would be too late.

    Where the provider said how many `seconds` it wants to be left alone, no sooner.
    """
    back_off = min(_FIRST * 2 ** min(attempts - 1, 10), _LONGEST)
    due = now + max(back_off, min(timedelta(seconds=seconds), _LONGEST))
    return due if due < expires_at else None
