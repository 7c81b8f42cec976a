"""Finds the header of a spreadsheet and what its columns mean. Pure; imports use it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.dispatch.domain.roster.values import What

Grid = Sequence[Sequence[str]]
HEADER_WITHIN = 25
SURE = 90

HEADERS: Mapping[What, Mapping[str, tuple[str, ...]]] = {
    "people": {
        "name": ("name", "full name", "officer", "officer name", "person", "member", "employee",
                 "staff", "nombre"),
        "first_name": ("first name", "first", "given name"),
        "last_name": ("last name", "last", "surname", "family name"),
        "group": ("group", "role", "rank", "title", "type", "position", "department", "unit type"),
        "kinds": ("kinds", "kind", "skills", "skill", "visitor kinds", "brings", "specialty"),
        "languages": ("languages", "language", "speaks", "spoken", "bilingual", "idiomas"),
        "call_sign": ("call sign", "callsign", "badge", "badge number", "badge no", "badge id",
                      "serial", "id number", "employee id"),
        "phone": ("phone", "phone number", "telephone", "mobile", "mobile phone", "cell",
                  "cell phone", "teléfono"),
        "email": ("email", "e mail", "email address", "e mail address", "mail", "correo"),
        "message_language": ("message language", "messages in", "preferred language",
                             "writes in"),
        "team": ("team", "team name", "assignment", "assigned team", "crew", "group name",
                 "caravan", "route"),
    },
    "vehicles": {
        "name": ("vehicle", "name", "unit", "car", "shop number", "vehicle name", "unit number"),
        "kind": ("kind", "type", "vehicle type", "model", "description"),
        "seats": ("seats", "capacity", "number of seats", "passengers"),
    },
    "teams": {
        "name": ("team", "team name", "name", "crew", "caravan"),
        "kinds": ("kinds", "kind", "visitor kinds", "brings", "type"),
        "languages": ("languages", "language", "speaks"),
        "members": ("members", "officers", "people", "staff", "personnel", "names", "crew members"),
        "vehicle": ("vehicle", "unit", "car", "apparatus"),
        "start": ("start", "start place", "start location", "coordinates", "lat lon"),
        "start_name": ("start name", "starts at", "start address", "staging"),
        "opens": ("opens", "shift start", "start time", "from", "begin", "begins", "on duty",
                  "time in"),
        "closes": ("closes", "shift end", "end time", "until", "to", "ends", "off duty",
                   "time out"),
        "end": ("end", "end place", "end location"),
        "end_name": ("end name", "ends at"),
        "breaks": ("breaks", "break", "meal", "meal break", "lunch"),
        "areas": ("areas", "area", "beat", "beats", "district", "zone", "sector"),
        "most_stops": ("most stops", "max stops", "maximum stops", "stops"),
    },
}  # fmt: skip
NEEDED: Mapping[What, tuple[frozenset[str], ...]] = {
    "people": (frozenset({"name"}), frozenset({"first_name", "last_name"})),
    "vehicles": (frozenset({"name"}),),
    "teams": (frozenset({"name"}),),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sheet is read: what its rows are, which row is the header, the field of each column.

    A column without a field is passed over.
    """

    what: What
    header: int
    columns: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        """Whether the columns say who or what a row is about."""
        return any(needed <= set(self.columns) for needed in NEEDED[self.what])


def fields_for(what: What) -> tuple[str, ...]:
    """The fields that a column may be taken for."""
    return tuple(HEADERS[what])


def guess(
    grid: Grid, remembered: Mapping[tuple[What, str], str], what: What | None = None
) -> Reading:
    """The reading that makes most of the sheet; what was chosen before counts first."""
    sorts: Sequence[What] = (what,) if what else ("people", "teams", "vehicles")
    best = Reading(sorts[0], 0, ("",) * len(grid[0]) if grid else ())
    score = 0
    for one in sorts:
        for number, row in enumerate(grid[:HEADER_WITHIN]):
            reading = Reading(one, number, columns_of(row, one, remembered))
            named = sum(map(bool, reading.columns)) * (3 if reading.is_enough else 1)
            if named > score and _is_header(row, reading, remembered):
                best, score = reading, named
    return best


def _is_header(
    row: Sequence[str], reading: Reading, remembered: Mapping[tuple[What, str], str]
) -> bool:
    """Whether some cell is a header's very words, or several have such words in them.

    Else "Team 1" among the cells of a row would make a header of it.
    """
    wishes = [_wish(plain(cell), reading.what, remembered) for cell in row]
    return any(sure >= SURE for _, sure in wishes) or sum(map(bool, reading.columns)) > 1


def columns_of(
    header: Sequence[str], what: What, remembered: Mapping[tuple[What, str], str]
) -> tuple[str, ...]:
    """The field of each column, each field once; the plainest name wins it."""
    wishes = [_wish(plain(cell), what, remembered) for cell in header]
    taken: dict[str, int] = {}
    for number in sorted(range(len(wishes)), key=lambda n: -wishes[n][1]):
        field, sure = wishes[number]
        if sure and field not in taken:
            taken[field] = number
    return tuple(
        field if field and taken.get(field) == number else ""
        for number, (field, _) in enumerate(wishes)
    )


def plain(cell: str) -> str:
    """A header's words alone."""
    return " ".join(re.findall(r"[^\W_]+", cell.lower()))[:80]


def _wish(header: str, what: What, remembered: Mapping[tuple[What, str], str]) -> tuple[str, int]:
    """The field that a header means, and how sure that is."""
    if not header:
        return "", 0
    if (what, header) in remembered:
        return remembered[what, header], 100
    best, sure = "", 0
    for field, words in HEADERS[what].items():
        if header == field.replace("_", " ") or header in words:
            return field, SURE
        if len(header) > 40:
            continue
        for word in words:
            if sure < len(word) and re.search(rf"\b{re.escape(word)}\b", header) and len(word) > 3:
                best, sure = field, len(word)
    return best, sure
