"""Reads a street's name: direction, name proper and kind, abbreviations written out. Domain use."""

import re
from dataclasses import dataclass

_DIRECTIONS = {
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "norte": "north",
    "sur": "south",
    "este": "east",
    "oeste": "west",
}
_DIRECTION_WORDS = frozenset(_DIRECTIONS.values())
_KINDS = {
    "al": "alley", "aly": "alley", "av": "avenue", "ave": "avenue", "aven": "avenue",
    "avenida": "avenue", "blv": "boulevard", "blvd": "boulevard", "boul": "boulevard",
    "bl": "boulevard", "calle": "street", "cir": "circle", "circ": "circle", "ci": "circle",
    "ct": "court", "crt": "court", "cres": "crescent", "cv": "cove", "dr": "drive",
    "drv": "drive", "expy": "expressway", "expwy": "expressway", "fwy": "freeway",
    "grn": "green", "hwy": "highway", "hgwy": "highway", "ln": "lane", "lp": "loop",
    "pk": "park", "pkwy": "parkway", "pky": "parkway", "pkway": "parkway", "pl": "place",
    "plz": "plaza", "pt": "point", "rd": "road", "sq": "square", "st": "street",
    "str": "street", "streets": "street", "ter": "terrace", "terr": "terrace",
    "tpke": "turnpike", "trl": "trail", "tr": "trail", "wy": "way", "avenues": "avenue",
}  # fmt: skip
_KIND_WORDS = frozenset(_KINDS.values()) | {"way", "row", "walk", "run", "path", "mall", "front"}
_WORDS = {"mt": "mount", "ft": "fort", "saint": "st", "hwy": "highway", "rte": "route"}
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
    "eleventh": "11th", "twelfth": "12th", "thirteenth": "13th", "fourteenth": "14th",
    "fifteenth": "15th", "sixteenth": "16th", "seventeenth": "17th", "eighteenth": "18th",
    "nineteenth": "19th", "twentieth": "20th",
}  # fmt: skip
_UNSAID = 0.97
_SLIP = 0.7
_SLIP_AND_MORE = 0.85
_OTHER_DIRECTION = 0.6
_OTHER_KIND = 0.8


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name in its parts, in small letters and written out; empty text is unsaid."""

    direction: str
    name: str
    kind: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.direction, self.name, self.kind) if part)


def read_street(text: str) -> Street:
    """The street that the text names; one without a name if it names none."""
    words = re.sub(r"[^\w\s'&-]", " ", text.lower()).replace("'", "").split()
    direction, kind = "", ""
    if len(words) > 1 and _direction(words[0]) and not _is_kind(words[1], words[2:]):
        direction = _direction(words.pop(0))
    if len(words) > 1 and _direction(words[-1]):
        after = _direction(words.pop())
        direction = direction or after
    if len(words) > 1 and _kind(words[-1]):
        kind = _kind(words.pop())
    elif len(words) > 1 and words[0] in ("calle", "avenida"):
        kind = _kind(words.pop(0))
    return Street(direction, " ".join(_word(word) for word in words), kind)


def likeness(asked: Street, known: Street) -> float:
    """How well a known street answers to the one that was asked for, from 0 to 1."""
    if asked.name == known.name:
        alike = 1.0
    elif any(mark.isdigit() for mark in asked.name + known.name):
        return 0.0  # 41st is not a way to mistype 42nd
    else:
        alike = _spelt_alike(asked.name, known.name)
    if alike < 0.98 and asked.direction and not known.direction:
        alike *= _SLIP_AND_MORE  # two departures at once are more likely another street
    alike *= _fits(asked.direction, known.direction, _OTHER_DIRECTION)
    return alike * _fits(asked.kind, known.kind, _OTHER_KIND)


def _spelt_alike(one: str, other: str) -> float:
    """About 0.9 for one slip in a name of ordinary length, 0 for more than two."""
    joined, others = one.replace(" ", ""), other.replace(" ", "")
    if joined == others:
        return 0.98
    slips = _slips(joined, others)
    length = max(len(joined), len(others))
    if slips > 2 or slips * 3 > length:
        return 0.0
    return 1.0 - _SLIP * slips / length


def _slips(one: str, other: str) -> int:
    """Letters left out, put in, taken for others or swapped with their neighbours."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, mark in enumerate(other, 1):
            best = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def _fits(asked: str, known: str, otherwise: float) -> float:
    if asked == known:
        return 1.0
    return _UNSAID if not asked or not known else otherwise


def _direction(word: str) -> str:
    return word if word in _DIRECTION_WORDS else _DIRECTIONS.get(word, "")


def _kind(word: str) -> str:
    return word if word in _KIND_WORDS else _KINDS.get(word, "")


def _is_kind(word: str, after: list[str]) -> bool:
    """Whether the word before is the name itself, as in 'North Street' or 'E St'."""
    return bool(_kind(word)) and not after


def _word(word: str) -> str:
    bare = word.strip("-&")
    number = re.fullmatch(r"0*(\d+)(st|nd|rd|th)", bare)
    if number:
        return number[1] + number[2]
    return _ORDINALS.get(bare) or _WORDS.get(bare) or bare
