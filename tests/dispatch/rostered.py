"""Small rosters for tests: people, vehicles, crews by name, and workbooks of cells."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from services.dispatch.domain.roster.values import Crew, Delta, Person, Roster, Vehicle, applied
from tests.dispatch.builders import place


def make_crew(id_: str, **over: Any) -> Crew:
    """A crew from 6 to 10 PM that starts at the kick-off and brings police."""
    given: dict[str, Any] = {
        "id": id_,
        "name": f"Patrol {id_}",
        "kinds": ("police",),
        "start": place(),
        "opens": 18 * 60,
        "closes": 22 * 60,
    }
    return Crew(**(given | over))


def make_roster(*entries: Person | Vehicle | Crew, **over: Any) -> Roster:
    """The roster with these entries."""
    sorts = {Person: "people", Vehicle: "vehicles", Crew: "teams"}
    deltas = [Delta(sorts[type(entry)], None, entry) for entry in entries]  # type: ignore[arg-type]  # by type
    return applied(Roster("pasadena", **over), deltas)


def workbook(rows: Sequence[Sequence[object]], merged: Sequence[str] = (), **more: Any) -> bytes:
    """An XLSX file with these cells; `more` are further sheets by name."""
    book = Workbook()
    first = book.worksheets[0]
    for row in rows:
        first.append(list(row))
    for cells in merged:
        first.merge_cells(cells)
    for name, others in more.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
