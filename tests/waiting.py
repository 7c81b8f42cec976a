"""Waiting for something to become true, with a deadline instead of a sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T], wanted: object = True, seconds: float = 20.0) -> T:
    """Ask until the answer is `wanted` (or satisfies it, if callable); fails after `seconds`."""
    end = time.monotonic() + seconds
    fits = wanted if callable(wanted) else lambda answer: answer == wanted
    while not fits(answer := ask()):
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still {answer!r}, wanted {wanted!r}")
        time.sleep(0.02)
    return answer
