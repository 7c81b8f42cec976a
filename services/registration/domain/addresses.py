"""Reads an address as residents write it: a number, a block, a corner. Geocoders use it.

What was typed is never changed; these are only ways to look it up, the likeliest first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.registration.domain.streets import Street, read_street

_NOISE = re.compile(r"[()\[\],;#.]+")
_BLOCK = re.compile(
    r"\b(?P<low>\d{1,6})(?:\s*-\s*(?P<high>\d{1,6}))?\s+(?:hundred\s+)?(?:blocks?|blk)\b"
    r"\s*(?:of\s+)?(?P<rest>.+)"
)
_SPANISH_BLOCK = re.compile(r"\b(?:cuadra|bloque)\s+(?:del?\s+)?(?P<low>\d{1,6})\s+(?P<rest>.+)")
_NUMBER = re.compile(
    r"(?:^|(?<=\s))(?P<number>\d{1,6})(?:-(?P<high>\d{1,6}))?(?:\s*1/2|[a-z])?(?=\s)"
    r"\s+(?P<rest>[a-z0-9].+)"
)
_BETWEEN = re.compile(r"^(?P<on>.*?)\s*\b(?:between|btwn|bet|entre)\b\s*(?P<rest>.+)$")
_ON = re.compile(r"^(?P<pair>.+?)\s+\bon\b\s+(?P<on>.+)$")
_CORNER = re.compile(
    r"^(?:.*\b)?(?:corner of|intersection of|(?:en )?la esquina de|esquina de|esquina)\s+"
)
_JOIN = re.compile(r"\s*(?:[&@/+]|\band\b|\bat\b|\bnear\b|\by\b|\bcon\b)\s*")
_LEADING = re.compile(r"^(?:.*\s)?(?:on|at|de|of|en)\s+")
_TAIL = re.compile(
    r"\s+(?:between|btwn|near|behind|in front of|across from|apt|unit|suite|ste|entre)\b.*$"
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A house number on a street."""

    number: int
    street: Street


@dataclass(frozen=True, slots=True)
class Block:
    """All numbers from `low` to `high` on a street."""

    low: int
    high: int
    street: Street


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two streets meet."""

    one: Street
    other: Street


@dataclass(frozen=True, slots=True)
class Between:
    """The stretch of a street between two others."""

    street: Street
    one: Street
    other: Street


@dataclass(frozen=True, slots=True)
class Along:
    """A street, and no more than that."""

    street: Street


Wanted = Numbered | Block | Crossing | Between | Along


def read_address(text: str, city: str = "") -> tuple[Wanted, ...]:
    """The ways in which the text can be understood, the likeliest first; none for no text."""
    plain = _plain(text, city)
    return tuple(dict.fromkeys(_ways(plain))) if plain else ()


def _ways(plain: str) -> Iterator[Wanted]:
    between = _BETWEEN.match(plain)
    if between:
        yield from _stretches(between["on"], between["rest"])
    yield from _blocks(plain)
    yield from _numbers(plain)
    yield from _crossings(plain)
    if not any(mark.isdigit() for mark in plain.split(" ", maxsplit=1)[0]):
        yield from (Along(street) for street in _streets(_TAIL.sub("", plain)))


def _blocks(plain: str) -> Iterator[Wanted]:
    for shape in (_BLOCK, _SPANISH_BLOCK):
        found = shape.search(plain)
        if found:
            low = int(found["low"]) // 100 * 100
            high = (int(found.groupdict().get("high") or low) // 100) * 100 + 99
            for street in _streets(_before_join(found["rest"])):
                yield Block(low, max(high, low + 99), street)


def _numbers(plain: str) -> Iterator[Wanted]:
    for found in _NUMBER.finditer(plain):
        rest = _before_join(found["rest"])
        if re.match(r"(?:hundred |blocks?\b|blk\b|[&@/])", rest):
            continue
        for street in _streets(rest):
            yield Numbered(int(found["number"]), street)


def _crossings(plain: str) -> Iterator[Wanted]:
    parts = [part for part in _JOIN.split(_CORNER.sub("", _TAIL.sub("", plain))) if part]
    for one, other in pairwise(parts):
        first, second = (_streets(_without_number(part)) for part in (one, other))
        if first and second:
            yield Crossing(first[0], second[0])


def _stretches(on: str, rest: str) -> Iterator[Wanted]:
    """Both 'Oak between 1st and 2nd' and 'between 1st and 2nd on Oak'."""
    turned = _ON.match(rest)
    if turned and not on.strip():
        on, rest = turned["on"], turned["pair"]
    pair = [part for part in _JOIN.split(rest) if part]
    main = _streets(_without_number(re.sub(r"^.*\b(?:blocks?|blk)\s+(?:of\s+)?", "", on)))
    ends = [street for part in pair[:2] for street in _streets(part)[:1]]
    if main and len(ends) == 2:
        yield Between(main[0], ends[0], ends[1])


def _streets(text: str) -> list[Street]:
    street = read_street(_LEADING.sub("", text.strip()))
    return [street] if street.name else []


def _before_join(text: str) -> str:
    return _JOIN.split(_TAIL.sub("", text))[0]


def _without_number(text: str) -> str:
    """The street of '6700 Reed'; that of '41st' is left as it is."""
    return re.sub(r"^\d{1,6}(?:\s*-\s*\d{1,6})?\s+(?=[a-z0-9])", "", text.strip())


def _plain(text: str, city: str) -> str:
    """Small letters without the city, the state and the postcode behind a comma."""
    text = "".join(mark if mark.isprintable() else " " for mark in text)
    parts = [part.strip() for part in text.lower().replace("’", "'").split(",")]
    kept = parts[0] if re.search(r"[a-z]", parts[0]) else ", ".join(parts[:2])
    kept = re.sub(r"\b\d{5}(?:-\d{4})?\s*$", "", kept) if len(kept.split()) > 3 else kept
    if city:
        state = r"(?:\s+[a-z]{2})?\s*$"
        cut = re.sub(rf"\s+{re.escape(city.lower())}{state}", "", kept)
        kept = cut if len(cut.split()) > 1 else kept
    return " ".join(_NOISE.sub(" ", kept).split())
