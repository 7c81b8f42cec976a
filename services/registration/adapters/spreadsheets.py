"""CSV and XLSX read line by line within bounds, and XLSX written. Imports and exports use it.

Formulas are never worked out and never written: what looks like one is text.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from charset_normalizer import from_bytes
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError as WaryParseError
from openpyxl import Workbook as NewWorkbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from services.registration.adapters.workbooks import Sheet, Workbook, elements
from services.registration.domain.sheet import (
    HEADER_WITHIN,
    LINKS,
    Line,
    Row,
    SheetWrong,
    find_header,
    need_address,
    propose,
    row_of,
)
from services.registration.domain.sheet_places import coordinates_in

MOST_BYTES = 24 * 1024 * 1024
MOST_UNPACKED = 320 * 1024 * 1024
MOST_STRINGS = 80 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_CELL = 4000
MOST_SHEETS = 10
MOST_LINKS = 200_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNXML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAMAGED = (
    *(DefusedXmlException, ParseError, WaryParseError, zipfile.BadZipFile, InvalidFileException),
    *(KeyError, ValueError, OSError, EOFError, TypeError, IndexError, AttributeError),
    *(NotImplementedError, OverflowError, zipfile.LargeZipFile, RuntimeError),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet of a file; `lines` begins anew at each call and leaves empty lines out."""

    name: str
    lines: Callable[[], Iterator[Line]]
    link_column: int = -1

    def header(self) -> Line:
        """The line with the columns' names; raises `SheetWrong`."""
        found = find_header(self.lines())
        cells = list(found.cells) + [""] * (self.link_column + 1 - len(found.cells))
        if self.link_column >= 0:
            cells[self.link_column] = LINKS
        return Line(found.number, tuple(cells[:MOST_COLUMNS]))


def open_source(data: bytes, sheet: str = "") -> Source:
    """The sheet of that name, else the first that looks like a list; raises `SheetWrong`."""
    if len(data) > MOST_BYTES:
        raise SheetWrong(f"The file is larger than {MOST_BYTES // 1024**2} MB; please split it.")
    if data[:4] == b"PK\x03\x04":
        return _of_workbook(data, sheet)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SheetWrong("This is an old Excel file or has a password; please save it as .xlsx.")
    text = _decoded(data)
    return Source("", lambda: _bounded(_csv_lines(text)))


def read_sheet(data: bytes) -> list[Row]:
    """All rows of a file with the columns' meanings as they would be proposed."""
    source = open_source(data)
    header = source.header()
    names = propose(header.cells)
    need_address(header.cells, names)
    return [row_of(line, names) for line in source.lines() if line.number > header.number]


def write_xlsx(name: str, rows: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file of one sheet, texts as text and numbers as numbers, its first row in bold."""
    book = NewWorkbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, value, bold=number == 0) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_BOLD = Font(bold=True)


def _cell(sheet: Any, value: object, *, bold: bool) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = _UNXML.sub("", str(value))[:32_000]
    if not text or (not bold and text[0] not in "=+-@#"):
        return text or None
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if bold:
        cell.font = _BOLD
    return cell


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise SheetWrong("There is nothing in the file.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data[:4096]:
        raise SheetWrong("The file is neither CSV nor XLSX.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(data[:200_000], cp_isolation=["cp1252", "mac_roman"]).best()
        return data.decode(guess.encoding if guess else "latin-1", "replace")


def _csv_lines(text: str) -> Iterator[Line]:
    csv.field_size_limit(1024 * 1024)
    lines = text.split("\n", HEADER_WITHIN)
    head = "\n".join(lines[:HEADER_WITHIN])
    delimiter = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield Line(reader.line_num, tuple(cells))
    except csv.Error as error:
        raise SheetWrong(f"The file is no CSV: line {reader.line_num}, {error}.") from error


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with anything in them; raises at the first that is too many."""
    found = 0
    for line in lines:
        cells = [cell[:MOST_CELL].strip() for cell in line.cells[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        found += 1
        if found > MOST_ROWS:
            raise SheetWrong(f"The file has more than {MOST_ROWS:,} rows; please split it.")
        yield Line(line.number, tuple(cells))


def _of_workbook(data: bytes, wanted: str) -> Source:
    try:
        _check_unpacked(data)
        book = Workbook(data)
    except SheetWrong:
        raise
    except _DAMAGED as error:
        raise SheetWrong("The file is no XLSX that we can read; please save it anew.") from error
    sheets = [sheet for sheet in book.sheets if sheet.visible][:MOST_SHEETS]
    sources = [_sheet(book, sheet) for sheet in sheets if wanted in ("", sheet.title)]
    if not sources:
        raise SheetWrong("There is nothing in the file.")
    for source in sources[: 0 if wanted else None]:
        try:
            if "address" in propose(source.header().cells):
                return source
        except SheetWrong:
            continue
    return sources[0]


def _check_unpacked(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        strings = sum(part.file_size for part in parts if part.filename.endswith("Strings.xml"))
        if sum(part.file_size for part in parts) > MOST_UNPACKED or strings > MOST_STRINGS:
            raise SheetWrong("The file unpacks to far more than a list of parties needs.")


def _sheet(book: Workbook, sheet: Sheet) -> Source:
    links = _links(book, sheet)
    if not links:
        return Source(sheet.title, lambda: _bounded(_xlsx_lines(book, sheet)))
    width = max(
        (len(line.cells) for line in islice(_bounded(_xlsx_lines(book, sheet)), 30)), default=0
    )
    column = min(width, MOST_COLUMNS - 1)

    def lines() -> Iterator[Line]:
        for line in _xlsx_lines(book, sheet):
            cells = list(line.cells)
            cells += [""] * (column - len(cells))
            cells.insert(column, links.get(line.number, ""))
            yield Line(line.number, tuple(cells))

    return Source(sheet.title, lambda: _bounded(lines()), column)


def _xlsx_lines(book: Workbook, sheet: Sheet) -> Iterator[Line]:
    try:
        for number, row in book.rows(sheet, MOST_COLUMNS):
            yield Line(number, tuple(_text(cell) for cell in row))
    except _DAMAGED as error:
        raise SheetWrong("The file is damaged; please save it anew.") from error


def _links(book: Workbook, sheet: Sheet) -> dict[int, str]:
    """The coordinates behind each row's first link to a map, which openpyxl passes over."""
    folder, _, file = sheet.path.lstrip("/").rpartition("/")
    try:
        rels = f"{folder}/_rels/{file}.rels"
        if rels not in book.packed.namelist():
            return {}
        targets = {e.get("Id"): e.get("Target", "") for e in elements(book.packed, rels)}
        if not any(coordinates_in(str(target)) for target in targets.values()):
            return {}
        return _linked_rows(elements(book.packed, sheet.path.lstrip("/")), targets)
    except _DAMAGED as error:
        raise SheetWrong("The file is damaged; please save it anew.") from error


def _linked_rows(found_there: Iterator[Element], targets: dict[Any, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for element in found_there:
        if element.tag.endswith("}hyperlink") and len(found) < MOST_LINKS:
            number = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            degrees = coordinates_in(targets.get(number, ""))
            if degrees:
                row = int(re.sub(r"\D", "", element.get("ref", "").partition(":")[0]) or 0)
                found.setdefault(row, f"{degrees[0]}, {degrees[1]}")
        if not element.tag.endswith(("}hyperlink", "}hyperlinks")):
            element.clear()
    return found


def _text(cell: object) -> str:
    """A cell as people see it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return _moment_text(cell) if isinstance(cell, (date, time)) else str(cell)


def _moment_text(cell: date | time) -> str:
    """A time of day without the day that spreadsheets give it, a date without a time."""
    if isinstance(cell, datetime):
        if cell.year < 1901:
            return f"{cell:%H:%M}"
        midnight = cell.time() == time(0)
        return f"{cell:%Y-%m-%d}" if midnight else f"{cell:%Y-%m-%d %H:%M}"
    return f"{cell:%H:%M}" if isinstance(cell, time) else cell.isoformat()
