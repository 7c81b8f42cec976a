"""Which of a channel's providers takes messages now. Pure; the watch keeps the state.

well ── 3 faults in a row ──► shut for 30 s ──► one message tries it ── taken ──► well
                                   ▲                     │
                                   └── twice as long ────┘ a fault
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ENOUGH = 3
"""So many faults in a row shut a provider."""
SLOW = 8.0
"""Seconds for one message; an answer that takes longer is as bad as none."""
_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """How a provider has been doing: faults in a row, and until when it is left alone."""

    faults: int = 0
    shut_at: datetime | None = None
    shut_until: datetime | None = None
    words: str = ""

    @property
    def state(self) -> str:
        """ "well", "shut", or "failing" on the way there."""
        if self.shut_until:
            return "shut"
        return "failing" if self.faults else "well"

    def open_at(self, now: datetime) -> bool:
        """Whether it may be tried."""
        return self.shut_until is None or self.shut_until <= now


WELL = Health()


@dataclass(frozen=True, slots=True)
class Choice:
    """The provider that takes the next messages: one that is well, or a shut one.

    `probes`: its time to be left alone is over, and a single message tries it.
    """

    provider: str
    well: bool
    probes: bool = False


def after_faults(health: Health, count: int, words: str, now: datetime) -> Health:
    """It failed `count` times in a row. Each time that it is shut again is twice as long."""
    faults = health.faults + count
    if faults < ENOUGH:
        return Health(faults, None, None, words)
    if health.shut_at and health.shut_until:
        if health.shut_until > now:
            return Health(faults, health.shut_at, health.shut_until, words)
        lasts = min(2 * (health.shut_until - health.shut_at), _LONGEST)
    else:
        lasts = _FIRST
    return Health(faults, now, now + lasts, words)


def choose(names: Sequence[str], healths: Mapping[str, Health], now: datetime) -> Choice:
    """The first in order that may be tried; with none, the one that is shut the shortest.

    Messages wait for nobody: where every provider is shut their own back-off is patience enough.
    """
    known = [(name, healths.get(name, WELL)) for name in names]
    for name, health in known:
        if health.open_at(now):
            well = health.shut_until is None
            return Choice(name, well, not well and len(names) > 1)
    return Choice(min(known, key=lambda one: one[1].shut_until or now)[0], False)
