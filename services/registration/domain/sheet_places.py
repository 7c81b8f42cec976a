"""Coordinates as they stand in lists: two numbers, or a link to a map. Rows of sheets use it.

Links are only read, never followed.
"""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qs, unquote_plus, urlsplit

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(
    rf"\(?\s*({_NUMBER})\s*°?\s*([NS])?\s*[,;\s]\s*({_NUMBER})\s*°?\s*([EW])?\s*\)?",
    re.ASCII | re.IGNORECASE,
)
_PIN = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})", re.ASCII)
_VIEW = re.compile(rf"@({_NUMBER}),({_NUMBER})", re.ASCII)
_OSM = re.compile(rf"map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})", re.ASCII)
_IN_PATH = re.compile(rf"/({_NUMBER}),\s*({_NUMBER})(?=/|$)", re.ASCII)
_ASKED = ("coordinate", "ll", "q", "query", "destination", "daddr", "center", "sll", "cp")
_LINK = re.compile(r"(?:https?://|geo:)[^\s<>\"]+", re.IGNORECASE)
Degrees = tuple[float, float]


def coordinates_in(text: str) -> Degrees | None:
    """Latitude and longitude in a cell; None if it holds none."""
    link = _LINK.search(text)
    if link:
        return next(_of_link(link[0]), None)
    pair = _PAIR.fullmatch(text.strip())
    return _signed(pair) if pair else None


def _of_link(link: str) -> Iterator[Degrees]:
    """The coordinates that a link names, the surest first."""
    try:
        parts = urlsplit(link)
        asked = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return
    if parts.scheme.lower() == "geo":
        yield from _pairs(parts.path.partition(";")[0])
        return
    yield from _matches(_PIN, unquote_plus(parts.path))
    for lat, lon in zip(asked.get("mlat", ()), asked.get("mlon", ()), strict=False):
        yield from _pairs(f"{lat},{lon}")
    for name in _ASKED:
        for value in asked.get(name, ()):
            yield from _pairs(value.replace("~", ","))
    yield from _in_address(parts)


def _in_address(parts: SplitResult) -> Iterator[Degrees]:
    path = unquote_plus(parts.path)
    yield from _matches(_IN_PATH, path)
    yield from _matches(_VIEW, path)
    yield from _matches(_OSM, parts.fragment)


def _pairs(text: str) -> Iterator[Degrees]:
    pair = _PAIR.fullmatch(text.removeprefix("loc:").strip())
    if pair:
        yield _signed(pair)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Degrees]:
    found = pattern.search(text)
    if found:
        yield float(found[1]), float(found[2])


def _signed(pair: re.Match[str]) -> Degrees:
    lat, lon = float(pair[1]), float(pair[3])
    south, west = (pair[2] or "").upper() == "S", (pair[4] or "").upper() == "W"
    return (-lat if south else lat), (-lon if west else lon)
