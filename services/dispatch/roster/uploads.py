"""The pages that bring spreadsheets in and out. Registered by `main`."""

from typing import get_args

from flask import Blueprint, Response, redirect, render_template, request

from services.dispatch.adapters.contacts import Contacts
from services.dispatch.adapters.postgres_imports import Upload
from services.dispatch.adapters.spreadsheets import (
    MOST_BYTES,
    XLSX,
    SheetWrong,
    read_sheets,
    write_csv,
    write_xlsx,
)
from services.dispatch.domain.roster.merging import Merged, merge
from services.dispatch.domain.roster.sheet import Reading, fields_for, guess
from services.dispatch.domain.roster.values import What
from services.dispatch.importing import all_exported, exported, faulty_rows, import_grid
from services.dispatch.roster.opened import Opener, sort_of
from services.dispatch.roster.views import BASE, Page
from services.dispatch.rostering import Unknown
from shared.ids import new_id
from shared.uploads import takes_file

SAMPLE = 8
MOST_LISTED = 200


def add_uploads(pages: Blueprint, opener: Opener) -> None:
    """Add the pages to the roster's blueprint."""

    @pages.get(f"{BASE}/import")
    def choose(city: str) -> Page:
        return render_template("roster/import.html", city=opener.see(city, most=1).city)

    @pages.post(f"{BASE}/import")
    @takes_file(MOST_BYTES)
    def upload(city: str) -> Page:
        seen = opener.see(city, most=1)
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise SheetWrong("Choose a file first.")
            sheets = read_sheets(file.read(), file.filename[:60])
        except SheetWrong as wrong:
            page = render_template("roster/import.html", city=seen.city, problem=str(wrong))
            return page, 422
        with opener.desk() as (desk, imports):
            upload = Upload(new_id(), file.filename[:120], tuple(sheets), desk.now, desk.actor_name)
            imports.keep(city, upload)
        return redirect(f"/{city}/roster/import/{upload.id}", 303)

    @pages.get(f"{BASE}/import/<id_>")
    def preview(city: str, id_: str) -> Page:
        return _Preview(opener, city, id_).page()

    @pages.post(f"{BASE}/import/<id_>")
    def use(city: str, id_: str) -> Page:
        shown = _Preview(opener, city, id_)
        if "apply" not in request.form or not shown.reading.is_enough:
            return shown.page()
        with opener.desk() as (desk, imports):
            done, merged = import_grid(desk, city, shown.upload.file, shown.reading, shown.grid)
            imports.remember(city, shown.reading, shown.grid[shown.reading.header])
        return shown.page(applied=merged, version=done.change.version if done.change else None)

    _add_downloads(pages, opener)


def _add_downloads(pages: Blueprint, opener: Opener) -> None:

    @pages.post(f"{BASE}/import/<id_>/errors.csv")
    def errors(city: str, id_: str) -> Response:
        shown = _Preview(opener, city, id_)
        rows = faulty_rows(shown.merged(), shown.reading, shown.grid)
        return _file("\ufeff" + write_csv(rows), "text/csv", f"{city}-roster-errors.csv")

    @pages.get(f"{BASE}/export.xlsx")
    def export_workbook(city: str) -> Response:
        roster = opener.see(city, most=1).roster
        opener.note(city, "contacts exported", f"{len(roster.people)} people, workbook")
        return _file(write_xlsx(all_exported(roster)), XLSX, f"{city}-roster.xlsx")

    @pages.get(f"{BASE}/export-<what>.csv")
    def export_csv(city: str, what: str) -> Response:
        roster = opener.see(city, most=1).roster
        if what == "people":
            opener.note(city, "contacts exported", f"{len(roster.people)} people, CSV")
        text = "\ufeff" + write_csv(exported(roster, sort_of(what)).rows)
        return _file(text, "text/csv", f"{city}-{what}.csv")


class _Preview:
    """An upload, read as the form says or else as is guessed, and what it would do."""

    def __init__(self, opener: Opener, city: str, id_: str) -> None:
        with opener.desk() as (_, imports):
            upload, remembered = imports.find(city, id_), imports.remembered(city)
        if upload is None:
            raise Unknown("This upload is no longer kept; please choose the file again.")
        self.upload = upload
        self.seen = opener.see(city, most=1)
        opener.note(city, "uploaded list shown", upload.file)
        self.number = min(_whole("sheet"), len(upload.sheets) - 1)
        self.grid = upload.sheets[self.number].rows
        asked = request.values.get("what", "")
        what: What | None = asked if asked in get_args(What) else None  # type: ignore[assignment]  # checked
        same = request.form.get("read_as") == f"{self.number}/{asked}"
        self.reading = (
            _chosen(self.grid, what)
            if same and what
            else None or guess(self.grid, remembered, what)
        )

    def merged(self) -> Merged:
        """What the upload would do now."""
        return merge(self.seen.roster, self.seen.city, self.reading, self.grid, new_id, Contacts())

    def page(self, applied: Merged | None = None, version: int | None = None) -> str:
        merged = applied or (self.merged() if self.reading.is_enough else Merged((), ()))
        looks = sorted(merged.lines, key=lambda line: line.outcome not in ("refused", "kept"))
        header = self.grid[self.reading.header] if self.grid else ()
        return render_template(
            "roster/preview.html",
            city=self.seen.city,
            upload=self.upload,
            number=self.number,
            reading=self.reading,
            columns=self._columns(header),
            fields=fields_for(self.reading.what),
            merged=merged,
            lines=looks[:MOST_LISTED],
            hidden=max(0, len(looks) - MOST_LISTED),
            faulty=merged.count("refused") + merged.count("kept"),
            applied=applied is not None,
            version=version,
        )

    def _columns(self, header: tuple[str, ...]) -> list[tuple[int, str, str, str]]:
        """Number, header, field and examples of each column."""
        below = self.grid[self.reading.header + 1 :][:SAMPLE]
        width = max([len(header), *map(len, below)], default=0)
        found = []
        for column in range(width):
            name = header[column] if column < len(header) else ""
            cells = [row[column] for row in below if column < len(row) and row[column]]
            field = self.reading.columns[column] if column < len(self.reading.columns) else ""
            if name or cells:
                found.append((column, name, field, ", ".join(cells[:3])))
        return found


def _chosen(grid: tuple[tuple[str, ...], ...], what: What) -> Reading:
    """The reading that the form asks for."""
    header = min(max(0, _whole("header") - 1), max(0, len(grid) - 1))
    width = max(map(len, grid), default=0)
    columns, taken = [], set()
    for number in range(width):
        field = request.form.get(f"column_{number}", "")
        good = field in fields_for(what) and field not in taken
        columns.append(field if good else "")
        taken.add(field)
    return Reading(what, header, tuple(columns))


def _whole(name: str) -> int:
    text = request.values.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _file(body: str | bytes, mimetype: str, name: str) -> Response:
    answer = Response(body, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
