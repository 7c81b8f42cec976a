"""Spreadsheets into a roster and out of it, for the page and for the command line alike."""

from collections.abc import Iterator, Sequence

from services.dispatch.adapters.spreadsheets import Sheet
from services.dispatch.domain.evening import City
from services.dispatch.domain.roster.derived import cells_of
from services.dispatch.domain.roster.merging import SORTS, Merged, merge
from services.dispatch.domain.roster.sheet import Grid, Reading
from services.dispatch.domain.roster.values import Delta, Roster, What
from services.dispatch.rostering import Desk, Done, change_many
from shared.ids import new_id

EXPORTED: dict[What, tuple[str, ...]] = {
    "people": (
        *("name", "group", "call_sign", "kinds", "languages", "team"),
        *("phone", "email", "message_language"),
    ),
    "vehicles": ("name", "kind", "seats"),
    "teams": (
        *("name", "kinds", "languages", "members", "vehicle", "opens", "closes", "breaks"),
        *("start", "start_name", "end", "end_name", "areas", "most_stops"),
    ),
}


def import_grid(
    desk: Desk, city: str, file: str, reading: Reading, grid: Grid
) -> tuple[Done, Merged]:
    """Merge a sheet into the roster as one change, which can be undone as one."""
    found: list[Merged] = []

    def work(roster: Roster, settings: City) -> list[Delta]:
        found.append(merge(roster, settings, reading, grid, new_id, desk.contacts))
        return list(found[0].deltas)

    return change_many(desk, city, f"Imported {file[:80]}.", work), found[0]


def exported(roster: Roster, what: What) -> Sheet:
    """All entries of one sort with a header that an import understands."""
    rows = [
        tuple(cells_of(entry, roster)[field] for field in EXPORTED[what])
        for entry in roster.of(what).values()
    ]
    header = tuple(field.replace("_", " ").capitalize() for field in EXPORTED[what])
    return Sheet(what.capitalize(), (header, *rows))


def all_exported(roster: Roster) -> Iterator[Sheet]:
    """A sheet for each sort."""
    return (exported(roster, what) for what in SORTS)


def faulty_rows(merged: Merged, reading: Reading, grid: Grid) -> Sequence[Sequence[str]]:
    """The rows that were refused or kept, with what is to be said of each, as a sheet."""
    width = max(map(len, grid), default=0)

    def padded(row: Sequence[str]) -> list[str]:
        return [*row, *[""] * (width - len(row))]

    header = ["Row", "What became of it", "Why", *padded(grid[reading.header] if grid else ())]
    rows = [
        [str(line.row), line.outcome, " ".join(line.words), *padded(grid[line.row - 1])]
        for line in merged.lines
        if line.outcome in ("refused", "kept")
    ]
    return [header, *rows]
