"""Counts in this process's memory, for `limits`' moving windows. Doors and throttles use it."""

import threading
import time

from limits.storage import MemoryStorage
from limits.storage.memory import Entry

SWEEP_SECONDS = 60.0


class Counts(MemoryStorage):
    """`limits` in memory, swept once a minute by whoever comes by.

    As delivered it starts a thread after each hit that goes through all keys, which costs a busy
    process more than what it counts, and keeps each key that it ever saw.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._swept_at = time.time()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether there is room for so many more, which are counted then."""
        if amount > limit:
            return False
        now = time.time()
        with self._lock:
            if now - self._swept_at > SWEEP_SECONDS:
                self._sweep(now)
            events = self.events.get(key, [])
            if len(events) > limit - amount and events[limit - amount].atime >= now - expiry:
                return False
            self.events[key] = ([Entry(expiry)] * amount + events)[:limit]
            return True

    def _sweep(self, now: float) -> None:
        """Forget the keys whose newest entry, which stands first, is over."""
        self._swept_at = now
        for key in [key for key, events in self.events.items() if events[0].expiry <= now]:
            del self.events[key]
