"""Notices in memory which providers are well, and keeps it for the page. Fulfils `Watch`."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from services.notify.domain.health import (
    ENOUGH,
    SLOW,
    WELL,
    Choice,
    Health,
    after_faults,
    choose,
)
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from shared.clock import Clock
from shared.db import Connection


class ProviderWatch:
    """The state of every provider as this process has seen it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._healths: dict[str, Health] = {}
        self._changed: set[str] = set()

    def choose(self, names: Sequence[str]) -> Choice:
        with self._lock:
            return choose(names, self._healths, self._clock.now())

    def tell(self, provider: str, outcomes: Sequence[Outcome], seconds: float) -> None:
        with self._lock:
            before = self._healths.get(provider, WELL)
            after = _judged(before, outcomes, seconds, self._clock.now())
            self._healths[provider] = after
            if after != before:
                self._changed.add(provider)

    def changes(self) -> dict[str, Health]:
        """What has changed since this was last asked."""
        with self._lock:
            changed, self._changed = self._changed, set()
            return {name: self._healths[name] for name in changed}


def _judged(before: Health, outcomes: Sequence[Outcome], seconds: float, now: datetime) -> Health:
    answered = any(isinstance(o, Accepted | Refused) for o in outcomes)
    slow = bool(outcomes) and seconds / len(outcomes) > SLOW
    faults, words = _trailing(outcomes)
    if slow:
        faults, words = max(faults, ENOUGH), words or f"{seconds / len(outcomes):.0f} s a message"
    health = WELL if answered and not slow else before
    return after_faults(health, faults, words, now) if faults else health


def _trailing(outcomes: Sequence[Outcome]) -> tuple[int, str]:
    """How many faults it ended with, and the words of the last."""
    count, words = 0, ""
    for outcome in reversed(outcomes):
        if not isinstance(outcome, Deferred | Unsure):
            break
        count += 1
        words = words or outcome.reason
    return count, words


@dataclass(frozen=True, slots=True)
class Seen:
    """How a provider was last seen by one process."""

    instance: str
    provider: str
    faults: int
    shut_at: datetime | None
    shut_until: datetime | None
    words: str
    changed_at: datetime

    @property
    def state(self) -> str:
        """As `Health` calls it."""
        return Health(self.faults, self.shut_at, self.shut_until).state


def keep_healths(
    conn: Connection, instance: str, healths: dict[str, Health], now: datetime
) -> None:
    """Write down what a process has seen."""
    rows = [
        (instance, name, h.faults, h.shut_at, h.shut_until, h.words[:300], now)
        for name, h in sorted(healths.items())
    ]
    with conn.cursor() as cursor:
        cursor.executemany(_KEEP, rows)


def read_healths(conn: Connection) -> list[Seen]:
    """What every process has seen."""
    with conn.cursor(row_factory=class_row(Seen)) as cursor:
        return cursor.execute(_READ).fetchall()


_KEEP: Final = """
insert into provider_health (instance, provider, faults, shut_at, shut_until, words, changed_at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (instance, provider) do update set faults = excluded.faults,
    shut_at = excluded.shut_at, shut_until = excluded.shut_until, words = excluded.words,
    changed_at = excluded.changed_at
"""
_READ: Final = """
select instance, provider, faults, shut_at, shut_until, words, changed_at
from provider_health order by provider, instance
"""
