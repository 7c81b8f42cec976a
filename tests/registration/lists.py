"""Lists for the tests of imports, and the steps through which one goes."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from services.registration.adapters.import_desk import ImportDesk, Upload
from services.registration.adapters.links import Links
from services.registration.domain.imports import Import
from services.registration.importing import Importer
from shared.clock import Clock, SystemClock
from tests.registration.conftest import Service

Rows = Sequence[Sequence[object]]


def csv_of(*rows: str) -> bytes:
    """A CSV file of these lines."""
    return ("\n".join(rows) + "\n").encode()


def workbook(rows: Rows, links: dict[str, str] | None = None, **sheets: Rows) -> bytes:
    """An XLSX file; `links` are addresses behind cells."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    for cell, target in (links or {}).items():
        sheet[cell].hyperlink = target
    for name, more in sheets.items():
        added = book.create_sheet(name)
        for row in more:
            added.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Lists:
    """Brings lists into Pasadena."""

    def __init__(self, service: Service, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self.desk = ImportDesk(service.pool, clock)
        self.importer = Importer(service.pool, clock, Links("key", "http://localhost"))

    def look(self, data: bytes, mapping: Sequence[str] = ()) -> Import:
        """The preview."""
        made = self.desk.take("pasadena", Upload("list.csv", data, "Kim"))
        self.desk.map("pasadena", made.id, mapping or made.mapping)
        return self.run(made.id)

    def bring_in(self, data: bytes, mapping: Sequence[str] = ()) -> Import:
        """The whole import."""
        looked = self.look(data, mapping)
        self.desk.start("pasadena", looked.id)
        return self.run(looked.id)

    def undo(self, import_id: str) -> Import:
        """The import, taken back."""
        self.desk.undo("pasadena", import_id)
        return self.run(import_id)

    def run(self, import_id: str) -> Import:
        """Let the worker do all that there is."""
        self.importer.go_on()
        return self.desk.find("pasadena", import_id)
