"""XLSX workbooks opened and read row by row by the standard library's fast parser.

Only `spreadsheets` uses it. A document type can stand nowhere but before the first element. So the
beginning of each part is read by defusedxml, which refuses one; after that nothing can define an
entity any more, and the rest needs no defence.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, iterparse

from defusedxml.ElementTree import iterparse as wary_iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import INLINE_STRING, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

_ITEM, _RUN, _TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))


def elements(packed: zipfile.ZipFile, name: str) -> Iterator[Element]:
    """The elements of one part, each as it ends; raises where a document type is declared."""
    with packed.open(name) as part:
        next(wary_iterparse(part, events=("start",), forbid_dtd=True), None)
    with packed.open(name) as part:
        for _, element in iterparse(part):  # noqa: S314  (no entity is declared, as was just seen)
            yield element


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook and the part that holds it."""

    title: str
    path: str
    visible: bool


class Workbook:
    """A workbook whose sheets can be read any number of times; what it holds is never trusted."""

    def __init__(self, data: bytes) -> None:
        self._reader = _Reader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        self._reader.read()
        self.packed = self._reader.archive
        self.sheets = self._reader.sheets

    def rows(self, sheet: Sheet, most_columns: int) -> Iterator[tuple[int, Sequence[object]]]:
        """The rows that the sheet has, with their numbers; formulas as the value that they had."""
        book: Any = self._reader.wb
        cells = _Cells(
            None,
            self._reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for element in elements(self.packed, sheet.path):
            if element.tag == ROW_TAG:
                number, found = cells.parse_row(element)
                element.clear()
                yield number, _in_columns(found, most_columns)


def _in_columns(cells: Sequence[Any], most: int) -> list[object]:
    filled = [c for c in cells if c["value"] is not None and 1 <= c["column"] <= most]
    values: list[object] = [None] * max((c["column"] for c in filled), default=0)
    for cell in filled:
        values[cell["column"] - 1] = cell["value"]
    return values


class _Reader(ExcelReader):
    """openpyxl's reader, which does not go through each sheet beforehand to learn its size."""

    sheets: list[Sheet]

    def read(self) -> None:
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.sheets = [
            Sheet(sheet.name, relation.target, sheet.state == "visible")
            for sheet, relation in self.parser.find_sheets()
            if relation.target in self.valid_files and "chartsheet" not in relation.Type
        ]

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        for element in elements(self.archive, part.PartName[1:]):
            if element.tag == _ITEM:
                self.shared_strings.append(_string(element).replace("x005F_", ""))
                element.clear()


class _Cells(WorkSheetParser):
    """openpyxl's reader of cells, given texts that stand in the cell as if they were a value."""

    def parse_cell(self, element: Element) -> Any:
        inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if inline is not None:
            element.set("t", "str")
            SubElement(element, VALUE_TAG).text = _string(inline)
        return super().parse_cell(element)


def _string(element: Element) -> str:
    """A text, put together where parts of it are formatted; how it is spoken is left out."""
    parts = [element.find(_TEXT), *(run.find(_TEXT) for run in element.findall(_RUN))]
    return "".join(part.text or "" for part in parts if part is not None)
