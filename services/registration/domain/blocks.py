"""Addresses as the block that they mean, so that two ways of writing it meet. The domain uses it.

"412 North Maple Street, Pasadena" and "400 block of N. Maple St" are both "400 n maple st".
"""

import re
from functools import lru_cache

_WORDS = {
    "north": "n", "south": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr",
    "lane": "ln", "court": "ct", "place": "pl", "boulevard": "blvd", "circle": "cir",
    "terrace": "ter", "terr": "ter", "parkway": "pkwy", "highway": "hwy", "square": "sq",
    "trail": "trl", "saint": "st", "mount": "mt",
}  # fmt: skip
_DIRECTIONS = frozenset({"n", "s", "e", "w", "ne", "nw", "se", "sw"})
_ENDINGS = frozenset(
    {"st", "ave", "rd", "dr", "ln", "ct", "pl", "blvd", "cir", "ter", "pkwy", "hwy", "sq", "trl"}
    | {"way", "loop", "row", "walk", "alley"}
)
_NUMBER = re.compile(r"0*(\d{1,6})[a-z]?")
_ORDINAL = re.compile(r"0*(\d+)(?:st|nd|rd|th)")
_CORNER = re.compile(r"\s(?:&|and|at|@)\s|\s*/\s*")
_FLAT = re.compile(r"\b(?:apt|apartment|unit|suite|ste)\b.*|#.*")
_FILLING = frozenset({"block", "of", "the", "corner", "blk"})


@lru_cache(maxsize=8192)
def block_of(address: str) -> str:
    """The block or corner that the address means; empty text where it names none."""
    line = address.casefold().split(",")[0].replace(".", " ").strip()
    line = _FLAT.sub("", line)
    streets = [_street(part) for part in _CORNER.split(line)]
    named = [street for _, street in streets if street]
    numbers = [number for number, _ in streets if number is not None]
    if len(named) == 2 and not numbers:
        return " & ".join(sorted(named))
    if len(named) == 1 and len(numbers) == 1:
        return f"{numbers[0] // 100 * 100} {named[0]}"
    return ""


def street_word(address: str) -> str:
    """The word by which the street is best found in other addresses."""
    block = block_of(address)
    names = (block if "&" in block else block.partition(" ")[2]).split()
    telling = [word for word in names if word not in _DIRECTIONS | _ENDINGS | {"&"}]
    return max(telling, key=len, default="")


def _street(text: str) -> tuple[int | None, str]:
    """The house number, or None, and the street's name in its short form."""
    words = [word for word in re.findall(r"[^\W_]+", text) if word not in _FILLING]
    number = None
    found = _NUMBER.fullmatch(words[0]) if words else None
    if found and len(words) > 1 and words[1] not in _ENDINGS:
        number, words = int(found[1]), words[1:]
        if words[0].isdigit() and len(words) > 2:  # "400-412 Maple St"
            words = words[1:]
    short = [_short(word) for word in words]
    return number, " ".join(short)


def _short(word: str) -> str:
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else _WORDS.get(word, word)
