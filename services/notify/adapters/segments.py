"""Counts the segments that a text is sent and paid in. Anybody in the service may call it.

A text of characters of the GSM alphabet has 160 septets in one segment, or 153 in each of several;
any other character turns all of it into UCS-2, with 70 or 67 units. A character of the extension
table (€, [, {) takes two septets, one beyond the first plane (most emoji) two units; neither is
ever divided between two segments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gsm0338 import Codec

GSM: Final = "GSM-7"
UCS: Final = "UCS-2"
_ROOM: Final = {GSM: (160, 153), UCS: (70, 67)}
_GSM: Final = Codec()


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text is encoded, the units and segments of that, and what of it is `odd`: not GSM."""

    encoding: str
    units: int
    segments: int
    odd: str = ""


def segments_of(body: str) -> Segments:
    """How `body` is encoded and in how many segments; an empty text takes one, as it is sent."""
    odd = "".join(dict.fromkeys(c for c in body if not _septets(c)))
    encoding = UCS if odd else GSM
    sizes = [_units(c) if odd else _septets(c) for c in body]
    whole, part = _ROOM[encoding]
    units = sum(sizes)
    return Segments(encoding, units, 1 if units <= whole else _parts(sizes, part), odd)


@lru_cache(maxsize=2048)
def _septets(character: str) -> int:
    """1, or 2 in the extension table; 0 for what the alphabet does not have."""
    return len(_GSM.encode(character, "ignore")[0])


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _parts(sizes: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
