"""Reads a spreadsheet of parties saved as CSV, columns found by name. Imports use it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reference": ("permit_number", "permit", "reference", "external_reference", "id"),
    "address": ("street_address", "location"),
    "name": ("party", "party_name", "event_name", "neighborhood", "neighbourhood"),
    "starts_at": ("start", "starts", "start_time", "from", "begins"),
    "ends_at": ("end", "ends", "end_time", "until", "to"),
    "lat": ("latitude", "y"),
    "lon": ("lng", "long", "longitude", "x"),
    "host_name": ("host", "contact", "contact_name", "organizer"),
    "phone": ("telephone", "phone_number", "mobile", "cell"),
    "email": ("e_mail", "mail", "email_address"),
    "language": ("lang", "preferred_language"),
    "location_notes": ("notes", "directions"),
    "area": ("district", "beat", "zone"),
    "people": ("people_expected", "attendance", "expected_attendance", "guests"),
    "children": ("kids", "children_expected"),
    "wanted": ("kinds", "visitors", "visitor_kinds", "requests"),
    "materials": ("topics", "materials_requested", "literature", "handouts"),
    "no_visit": ("do_not_visit",),
    "sms_consent": ("text_consent", "texts_ok"),
}
_ENCODINGS = ("utf-8-sig", "latin-1")


class SheetWrong(ValueError):
    """A file that cannot be read as a list of parties at all; one sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet; `values` by our own names, trimmed, empty ones left out."""

    line: int
    values: Mapping[str, str]


def read_sheet(data: bytes) -> list[Row]:
    """The rows of a CSV file in any usual encoding and with any usual delimiter.

    Raises `SheetWrong`.
    """
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = next(reader, None)
        names = _names(header or [])
        return [
            Row(reader.line_num, _values(names, cells))
            for cells in reader
            if any(map(_bare, cells))
        ]
    except csv.Error as error:
        raise SheetWrong(f"The file is no CSV: line {reader.line_num}, {error}.") from error


def write_sheet(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV lines in which no cell can be taken for a formula."""
    for row in (header, *rows):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([_harmless(str(cell)) for cell in row])
        yield out.getvalue()


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def _harmless(cell: str) -> str:
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetWrong("The file is not text; please save it as CSV.")


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _names(header: list[str]) -> list[str]:
    """Our name for each column; empty for those that mean nothing to us."""
    synonyms = {name: name for name in COLUMNS}
    synonyms |= {other: name for name, others in COLUMNS.items() for other in others}
    found = [re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_") for cell in header]
    plain = {name for name in found if name in COLUMNS}
    names: list[str] = []
    for cell in found:
        name = synonyms.get(cell, "")
        taken = name in names or (name in plain and cell != name)
        names.append("" if taken else name)
    if "address" not in names:
        columns = ", ".join(header)[:200] or "none"
        raise SheetWrong(f"The file has no column named address; its columns are: {columns}.")
    return names


def _values(names: list[str], cells: list[str]) -> dict[str, str]:
    pairs = zip(names, cells, strict=False)
    return {name: _bare(cell) for name, cell in pairs if name and _bare(cell)}


def _bare(cell: str) -> str:
    """The cell without the space around it and without our own mark against formulas."""
    cell = cell.strip()
    return cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else cell
