"""The real lists that the geocoder is measured on, and how people would misspell them."""

import csv
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.registration.adapters.address_extract import Corner, Found
from services.registration.domain.geography import Point

_LONG = {
    "AVE": "Avenue", "ST": "Street", "BLVD": "Boulevard", "DR": "Drive", "RD": "Road",
    "LN": "Lane", "PL": "Place", "N": "North", "S": "South", "E": "East", "W": "West",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question, and the place that is meant; None where no answer is right."""

    text: str
    place: Point | None


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    address: str
    place: Point

    def as_read(self) -> dict[str, str]:
        """As a file of addresses has it."""
        lat, lon = str(self.place.lat), str(self.place.lon)
        return {"address": self.address, "lat": lat, "lon": lon}

    def block(self) -> str:
        """Its hundred-block, in words."""
        number, _, street = self.address.partition(" ")
        return f"{int(number) // 100 * 100} block of {street.title()}"


def pasadena(data: Path) -> list[Row]:
    """539 addresses of sites in Pasadena."""
    return _rows(data / "pasadena_site_addresses.csv")


def philadelphia(data: Path) -> list[Row]:
    """The hundred-blocks of the permits of one day."""
    return _rows(data / "philadelphia_block_parties_2008-07-04.csv")


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        found: dict[str, Row] = {}
        for row in csv.DictReader(file):
            address = row["address"].partition(",")[0].strip()
            if re.match(r"\d+ ", address) and row["lat"]:
                found.setdefault(address, Row(address, Point(float(row["lat"]), float(row["lon"]))))
    return list(found.values())


def spelt(rows: Sequence[Row]) -> Iterator[tuple[str, list[Asked]]]:
    """The same rows in the ways in which people write them."""
    dice = random.Random(7)
    ways: dict[str, Callable[[str], str]] = {
        "as listed": lambda text: text,
        "small letters": str.lower,
        "written out": lambda text: " ".join(_LONG.get(w, w.title()) for w in text.split()),
        "without its kind": lambda text: re.sub(r" (AVE|ST|BLVD|DR|RD|LN|PL)$", "", text),
        "without its direction": lambda text: re.sub(r"^(\d+) [NSEW] ", r"\1 ", text),
        "one slip in the name": lambda text: slip(text, dice),
        "two slips in the name": lambda text: slip(slip(text, dice), dice),
    }
    for name, way in ways.items():
        changed = [Asked(way(row.address), row.place) for row in rows]
        pairs = zip(changed, rows, strict=True)
        yield name, [c for c, row in pairs if name == "as listed" or c.text != row.address]


def corners(found: Found, most: int) -> Iterator[tuple[str, list[Asked]]]:
    """Corners of an extract where two streets meet once, in the ways in which people write them."""
    dice = random.Random(3)
    pairs: dict[tuple[str, str], list[Corner]] = {}
    for corner in found.corners:
        labels = (found.streets[corner.one][0], found.streets[corner.other][0])
        pairs.setdefault(labels, []).append(corner)
    once = [(labels, met[0]) for labels, met in pairs.items() if len(met) == 1]
    chosen = dice.sample(once, min(most, len(once)))
    ways: dict[str, Callable[[str, str], str]] = {
        "corners as 'A & B'": lambda a, b: f"{a} & {b}",
        "'corner of B and A', small letters": lambda a, b: f"corner of {b} and {a}".lower(),
        "'A at B' without kinds": lambda a, b: f"{_bare(a)} at {_bare(b)}",
        "'A & B', a slip in A": lambda a, b: f"{slip('1 ' + a, dice)[2:]} & {b}",
    }
    for name, way in ways.items():
        yield name, [Asked(way(*labels), corner.point) for labels, corner in chosen]


def _bare(street: str) -> str:
    return re.sub(r" (Avenue|Street|Boulevard|Drive|Road|Lane|Place|Court)$", "", street)


def slip(text: str, dice: random.Random) -> str:
    """One letter of the longest word left out, doubled, swapped or taken for another."""
    words = text.split()
    place = max(range(1, len(words)), key=lambda i: (words[i].isalpha(), len(words[i])))
    word = words[place]
    if not word.isalpha() or len(word) < 4:
        return text
    at = dice.randrange(1, len(word) - 1)
    turned = {
        0: word[:at] + word[at + 1 :],
        1: word[:at] + word[at] + word[at:],
        2: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        3: word[:at] + dice.choice("AEIORSTLN") + word[at + 1 :],
    }
    words[place] = turned[dice.randrange(4)]
    return " ".join(words)
