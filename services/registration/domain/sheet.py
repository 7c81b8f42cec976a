"""A list of parties as rows and columns: which column means what, and how one is written.

Imports and exports use it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reference": (
        *("permit_number", "permit", "permit_no", "permit_id", "reference", "reference_number"),
        *("external_reference", "application_number", "id"),
    ),
    "address": ("street_address", "location", "block", "street", "party_address", "direccion"),
    "name": ("party", "party_name", "event_name", "event", "neighborhood", "neighbourhood"),
    "date": ("day", "event_date", "party_date"),
    "hours": ("time", "times", "party_time", "event_time"),
    "starts_at": ("start", "starts", "start_time", "from", "begins", "begin"),
    "ends_at": ("end", "ends", "end_time", "until", "to", "finish"),
    "lat": ("latitude", "y"),
    "lon": ("lng", "long", "longitude", "x"),
    "place": ("coordinates", "coords", "gps", "map", "map_link", "google_maps", "lat_lon", "pin"),
    "host_name": ("host", "contact", "contact_name", "organizer", "organiser", "captain"),
    "phone": ("telephone", "phone_number", "mobile", "cell", "cell_phone", "contact_phone"),
    "email": ("e_mail", "mail", "email_address", "contact_email"),
    "language": ("lang", "preferred_language"),
    "location_notes": ("notes", "directions", "comments"),
    "area": ("district", "beat", "zone"),
    "people": ("people_expected", "attendance", "expected_attendance", "guests", "attendees"),
    "children": ("kids", "children_expected"),
    "wanted": ("kinds", "visitors", "visitor_kinds", "requests"),
    "materials": ("topics", "materials_requested", "literature", "handouts"),
    "no_visit": ("do_not_visit",),
    "closure": ("street_closure", "road_closure", "closure_wanted"),
    "rain_plan": ("rain", "in_case_of_rain"),
    "public": ("on_public_map", "show_on_map"),
    "sms_consent": ("text_consent", "texts_ok"),
    "revision": ("version",),
}
LABELS: Mapping[str, str] = {
    "reference": "Reference or permit number",
    "address": "Address",
    "name": "Name of the party",
    "date": "Date",
    "hours": "Start and end in one cell",
    "starts_at": "Start",
    "ends_at": "End",
    "lat": "Latitude",
    "lon": "Longitude",
    "place": "Coordinates or map link",
    "host_name": "Host's name",
    "phone": "Phone",
    "email": "E-mail",
    "language": "Language",
    "location_notes": "Notes on the place",
    "area": "Area",
    "people": "People expected",
    "children": "Children expected",
    "wanted": "Visitors wanted",
    "materials": "Material wanted",
    "no_visit": "No visit, please",
    "closure": "Street closure wanted",
    "rain_plan": "Plan for rain",
    "public": "On the public map",
    "sms_consent": "Agreed to text messages",
    "revision": "Revision (of an export)",
}
LINKS = "Map link"
HEADER_WITHIN = 30
_FORMULA = "=+-@\t\r＝＋－＠"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


class SheetWrong(ValueError):
    """A file that cannot be read as a list of parties at all; one sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file with its number as an editor shows it, cells as they stand."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line by our own names; cells trimmed, empty ones left out."""

    line: int
    values: Mapping[str, str]


def find_header(lines: Iterable[Line]) -> Line:
    """The line that names the columns: of the first ones, that with the most names known to us.

    Where none is known it is the first with more than one cell, for a person to say what is what.
    Raises `SheetWrong` where there is nothing at all.
    """
    first = list(islice(lines, HEADER_WITHIN))
    if not first:
        raise SheetWrong("There is nothing in the file.")
    best = max(first, key=lambda line: sum(1 for name in propose(line.cells) if name))
    if any(propose(best.cells)):
        return best
    return next((line for line in first if sum(map(bool, line.cells)) > 1), first[0])


def need_address(columns: Sequence[str], names: Sequence[str]) -> None:
    """Raise `SheetWrong`, naming the columns, if none of them was found to be the address."""
    if "address" not in names:
        listed = ", ".join(columns)[:200] or "none"
        raise SheetWrong(f"The file has no column named address; its columns are: {listed}.")


def propose(header: Sequence[str]) -> tuple[str, ...]:
    """Our name for each column; empty for those that mean nothing to us."""
    synonyms = {other: name for name, others in COLUMNS.items() for other in others}
    synonyms |= {name: name for name in COLUMNS}
    synonyms |= {_folded(label): name for name, label in LABELS.items()}
    found = [_folded(cell) for cell in header]
    plain = {name for name in found if name in COLUMNS}
    names: list[str] = []
    for cell in found:
        name = synonyms.get(cell, "")
        taken = name in names or (name in plain and cell != name)
        names.append("" if taken else name)
    return tuple(names)


def check_mapping(names: Sequence[str]) -> None:
    """Raise `SheetWrong` unless the columns can be used: known, none twice, with an address."""
    chosen = [name for name in names if name]
    for name in chosen:
        if name not in COLUMNS:
            raise SheetWrong(f"There is no field {name[:40]!r}.")
        if chosen.count(name) > 1:
            raise SheetWrong(f"Two columns are marked as {LABELS[name]}; please leave one.")
    if "address" not in chosen:
        raise SheetWrong("Please mark the column that has the addresses.")


def row_of(line: Line, names: Sequence[str]) -> Row:
    """The line by the names of its columns."""
    pairs = zip(names, line.cells, strict=False)
    return Row(line.number, {n: text for n, cell in pairs if n and (text := bare(cell))})


def write_sheet(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV lines in which no cell can be taken for a formula."""
    for row in (header, *rows) if isinstance(rows, Sequence) else _chained(header, rows):
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow([harmless(str(cell)) for cell in row])
        yield out.getvalue()


def _chained(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[Iterable[object]]:
    yield header
    yield from rows


def harmless(cell: str) -> str:
    """The cell so that no program takes it for a formula; `bare` takes our mark off again."""
    inner = cell.lstrip("'")
    risky = inner[:1] in tuple(_FORMULA) and not _NUMBER.fullmatch(cell)
    return "'" + cell if risky else cell


def bare(cell: str) -> str:
    """The cell without the space around it and without our own mark against formulas."""
    cell = cell.strip()
    if cell[:1] != "'":
        return cell
    inner = cell.lstrip("'")
    return cell[1:] if cell[:1] == "'" and inner[:1] in tuple(_FORMULA) else cell


def _folded(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_")
