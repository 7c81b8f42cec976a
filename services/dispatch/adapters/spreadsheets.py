"""CSV and XLSX to grids of text and back, within bounds. Handlers of imports and edges use it.

Formulas are never worked out and never written: what looks like one is text.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 60
MOST_SHEETS = 10
MOST_CELL = 500
MOST_FIELD = 131_072
MOST_MERGED = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetWrong(ValueError):
    """A file that cannot be read as a spreadsheet; one sentence."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its rows as text."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def read_sheets(data: bytes, name: str = "") -> list[Sheet]:
    """The sheets of a CSV or XLSX file that have anything in them; raises `SheetWrong`."""
    if len(data) > MOST_BYTES:
        raise SheetWrong(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    if data[:4] == b"PK\x03\x04":
        sheets = _workbook(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SheetWrong("This is an old Excel file or has a password; please save it as .xlsx.")
    else:
        sheets = [Sheet(name or "CSV", tuple(_csv_rows(data)))]
    found = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not found:
        raise SheetWrong("There is nothing in the file.")
    return found


def write_csv(rows: Iterable[Sequence[str]]) -> str:
    """CSV in which no cell can be taken for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_harmless(c) for c in row] for row in rows)
    return out.getvalue()


def write_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX file of text cells only, the first row of each sheet in bold."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        made.freeze_panes = "A2"
        for number, row in enumerate(sheet.rows):
            made.append([_text_cell(made, cell, bold=number == 0) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: Any, text: str, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))
    cell.data_type = "s"
    cell.font = Font(bold=bold)
    return cell


def _harmless(cell: str) -> str:
    plain_number = re.fullmatch(r"[+-]?\d+(\.\d+)?(, -?\d+(\.\d+)?)?", cell)
    return "'" + cell if cell[:1] in "=+-@\t\r" and cell and not plain_number else cell


def _csv_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(data)
    head = text[:4000]
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from _bounded(reader)
    except csv.Error as error:
        raise SheetWrong(f"The file is no CSV: line {reader.line_num}, {error}.") from error


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    if b"\x00" in data and encodings[0] != "utf-16":
        raise SheetWrong("The file is neither CSV nor XLSX.")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetWrong("The file is not text; please save it as CSV (UTF-8) or XLSX.")


def _workbook(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise SheetWrong("The file unpacks to far more than a roster needs.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        if isinstance(error, SheetWrong):
            raise
        raise SheetWrong("The file is no XLSX that we can read; please save it anew.") from error
    except (DefusedXmlException, ParseError) as error:
        raise SheetWrong("The file's XML is not what a spreadsheet has.") from error
    try:
        return [_sheet(data, sheet) for sheet in book.worksheets[:MOST_SHEETS]]
    except (DefusedXmlException, ParseError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise SheetWrong("The file is damaged; please save it anew.") from error
    finally:
        book.close()


def _sheet(data: bytes, sheet: Any) -> Sheet:
    if sheet.sheet_state != "visible":
        return Sheet(sheet.title, ())
    sheet.reset_dimensions()  # What the file says of its size may be a lie.
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    grid = [list(row) for row in _bounded([_text(cell) for cell in row] for row in rows)]
    for first_column, first_row, last_column, last_row in _merged(data, sheet._worksheet_path):
        _spread(grid, (first_row - 1, last_row), (first_column - 1, last_column))
    return Sheet(sheet.title, tuple(tuple(row) for row in grid))


def _merged(data: bytes, part: str) -> list[tuple[int, int, int, int]]:
    """The merged ranges of a sheet, which openpyxl passes over when it only reads."""
    found: list[tuple[int, int, int, int]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(part) as xml:
        for _, element in iterparse(xml):
            if element.tag.endswith("}mergeCell") and len(found) < MOST_MERGED:
                found.append(range_boundaries(element.get("ref", "A1")))
            element.clear()
    return found


def _spread(grid: list[list[str]], rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Write the first cell of a merged range into all cells down its first column.

    A range across columns is a title: it stays where it is, or it would look like a header.
    """
    if rows[0] >= len(grid) or columns[0] >= len(grid[rows[0]]):
        return
    text = grid[rows[0]][columns[0]]
    for row in grid[rows[0] : rows[1]]:
        row.extend([""] * (columns[0] + 1 - len(row)))
        row[columns[0]] = row[columns[0]] or text


def _bounded(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The rows without the empty ones at the end; raises at the first that is too many."""
    empty = 0
    for number, row in enumerate(rows):
        if number >= 65_536:
            raise SheetWrong(_TOO_LONG)
        cells = tuple(cell[:MOST_CELL].strip() for cell in row[:MOST_COLUMNS])
        while cells and not cells[-1]:
            cells = cells[:-1]
        if not cells:
            empty += 1
            continue
        if number >= MOST_ROWS:
            raise SheetWrong(_TOO_LONG)
        yield from [()] * empty
        empty = 0
        yield cells


_TOO_LONG = f"The sheet has more than {MOST_ROWS:,} rows; no roster is that long."


def _text(cell: object) -> str:
    """A cell as people see it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10g}"
    return _moment_text(cell) if isinstance(cell, (date, time)) else str(cell)


def _moment_text(cell: date | time) -> str:
    """A time of day without the day that spreadsheets give it, a date without a time."""
    if isinstance(cell, datetime):
        return f"{cell:%H:%M}" if cell.year < 1901 else f"{cell:%Y-%m-%d %H:%M}"
    return f"{cell:%H:%M}" if isinstance(cell, time) else cell.isoformat()
