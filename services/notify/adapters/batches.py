"""Hands in the messages of a batch, several at once. The adapters of HTTP providers use it."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from services.notify.domain.outcomes import Deferred, Outcome, Unsure

Item = TypeVar("Item")
SECONDS = 15.0
"""After so long no further message of a batch is begun: claims do not last for ever."""
FAULTS = 3
"""After so many faults in a row the provider is left alone."""


def hand_in(
    items: Sequence[Item], send: Callable[[Item], Outcome], pool: ThreadPoolExecutor | None
) -> list[Outcome]:
    """One outcome for each item, in order. `pool` hands in several at once, None one by one."""
    batch = _Batch(time.monotonic() + SECONDS)

    def turn(item: Item) -> Outcome:
        if not batch.goes_on():
            return Deferred("the provider fails or is slow, so this was not given to it")
        outcome = send(item)
        batch.note(outcome)
        return outcome

    if pool is None or len(items) == 1:
        return [turn(item) for item in items]
    return list(pool.map(turn, items))


class _Batch:
    """Whether it is worth to go on."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._faults = 0
        self._lock = threading.Lock()

    def goes_on(self) -> bool:
        return self._faults < FAULTS and time.monotonic() < self._until

    def note(self, outcome: Outcome) -> None:
        with self._lock:
            self._faults = self._faults + 1 if isinstance(outcome, Deferred | Unsure) else 0
