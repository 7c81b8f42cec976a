"""The staff's pages that bring lists in. Registered by `main`, behind the gate."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.adapters.import_desk import (
    ImportDesk,
    NoSuchImport,
    NotNow,
    Upload,
)
from services.registration.adapters.spreadsheets import (
    MOST_BYTES,
    MOST_ROWS,
    XLSX,
    write_xlsx,
)
from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.imports import OUTCOMES, Import, JudgedRow
from services.registration.domain.sheet import LABELS, Line, SheetWrong, row_of, write_sheet
from services.registration.pages.sheet_words import field_words, value_words, words_of
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_lists import missing
from shared.actor import current_actor
from shared.uploads import takes_file

BASE = "/staff/<city>/import"
Page = Response | AnyResponse


def make_imports(desk: Desk, imports: ImportDesk) -> Blueprint:
    """The blueprint of all pages about imports."""
    pages = Blueprint("imports", __name__)

    @pages.get(BASE)
    def choose(city: str) -> Page:
        return _choose(desk, imports, desk.city(city))

    @pages.post(BASE)
    @takes_file(MOST_BYTES)
    def upload(city: str) -> Page:
        settings = desk.city(city)
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise SheetWrong("Choose a file first.")
            name = file.filename.replace("\\", "/").rpartition("/")[2].replace("\0", "")
            made = imports.take(city, Upload(name, file.read(), current_actor().name))
        except SheetWrong as wrong:
            return _choose(desk, imports, settings, str(wrong), 422)
        return redirect(url_for("imports.show", city=city, import_id=made.id), 303)

    _add_steps(pages, desk, imports)
    _add_downloads(pages, desk, imports)
    pages.register_error_handler(NoSuchImport, lambda error: missing(desk, error))
    pages.register_error_handler(NotFound, lambda e: (str(e), 404))
    return pages


def _add_steps(pages: Blueprint, desk: Desk, imports: ImportDesk) -> None:
    at = f"{BASE}/<uuid:import_id>"

    @pages.get(at)
    def show(city: str, import_id: str) -> Page:
        return _show(desk, imports, desk.city(city), imports.find(city, str(import_id)))

    @pages.get(f"{at}/progress")
    def progress(city: str, import_id: str) -> Page:
        found = imports.find(city, str(import_id))
        answer = jsonify(
            state=found.state, done=found.done, total=found.total, percent=found.percent()
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @pages.post(f"{at}/columns")
    def columns(city: str, import_id: str) -> Page:
        found = imports.find(city, str(import_id))
        mapping = [request.form.get(f"column-{n}", "") for n in range(len(found.columns))]
        try:
            imports.map(city, found.id, mapping)
        except (SheetWrong, NotNow) as wrong:
            return _show(desk, imports, desk.city(city), found, str(wrong), mapping)
        return _back(city, found.id)

    steps = {
        "again": imports.map_again,
        "start": imports.start,
        "cancel": imports.cancel,
        "undo": imports.undo,
    }

    @pages.post(f"{at}/<any(again, start, cancel, undo):step>")
    def step(city: str, import_id: str, step: str) -> Page:
        found = imports.find(city, str(import_id))
        try:
            steps[step](city, found.id)
        except NotNow as wrong:
            now = imports.find(city, found.id)
            return _show(desk, imports, desk.city(city), now, str(wrong))
        return _back(city, found.id)


def _add_downloads(pages: Blueprint, desk: Desk, imports: ImportDesk) -> None:
    at = f"{BASE}/<uuid:import_id>"

    @pages.get(f"{at}/rows.csv")
    def errors_csv(city: str, import_id: str) -> Page:
        found, settings = imports.find(city, str(import_id)), desk.city(city)
        rows = _with_reasons(imports, found, settings)
        lines = write_sheet([*found.columns, "Line", "Reason"], rows)
        body = (("\ufeff" if n == 0 else "") + line for n, line in enumerate(lines))
        return _file(Response(body, mimetype="text/csv"), "rows-to-look-at.csv")

    @pages.get(f"{at}/rows.xlsx")
    def errors_xlsx(city: str, import_id: str) -> Page:
        found, settings = imports.find(city, str(import_id)), desk.city(city)
        rows = _with_reasons(imports, found, settings)
        data = write_xlsx("Rows", _chain([*found.columns, "Line", "Reason"], rows))
        return _file(Response(data, mimetype=XLSX), "rows-to-look-at.xlsx")


def _with_reasons(imports: ImportDesk, found: Import, city: City) -> Iterator[Sequence[str]]:
    """The original cells of each row with its line and why it is listed."""
    width = len(found.columns)
    for row in imports.with_reasons(found.id):
        cells = (*row.cells, *[""] * (width - len(row.cells)))[:width]
        yield (*cells, str(row.line), why(row, city))


def why(row: JudgedRow, city: City) -> str:
    """The reason of a row, in sentences."""
    if row.outcome == "refused":
        return " ".join(f"{field_words(field)}: {text}" for field, text in row.reasons)
    kept = ", ".join(
        f"{field_words(field)} ({value_words(field, ours, city)})" for field, ours, _ in row.kept
    )
    return f"Kept, because it was edited here since: {kept}."


def _choose(
    desk: Desk, imports: ImportDesk, city: City, problem: str = "", status: int = 200
) -> Page:
    return staff_page(
        desk,
        city,
        "imports.html",
        status,
        earlier=imports.of_city(city.slug),
        problem=problem,
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1024**2,
        words_of=words_of,
    )


def _show(
    desk: Desk,
    imports: ImportDesk,
    city: City,
    found: Import,
    problem: str = "",
    mapping: Sequence[str] | None = None,
) -> Page:
    shown = request.args.get("show", "")
    after = request.args.get("after", "")
    line = int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0
    outcome = shown if shown in OUTCOMES else _most_telling(found)
    settled = found.state in ("checked", "importing", "done", "cancelled", "undone", "undoing")
    return staff_page(
        desk,
        city,
        "import.html",
        422 if problem else 200,
        found=found,
        problem=problem,
        mapping=mapping or found.mapping,
        labels=LABELS,
        outcomes=OUTCOMES,
        shown=outcome,
        rows=imports.rows(found.id, outcome, line) if settled else [],
        undoable=imports.can_be_undone(found),
        words_of=words_of,
        field_words=field_words,
        value_words=lambda field, text: value_words(field, text, city),
        values_of=lambda row: row_of(Line(row.line, row.cells), found.mapping).values,
        doubles=_address_of_doubles(city.slug),
    )


def _most_telling(found: Import) -> str:
    counts = found.results or found.counts
    order = ("refused", "kept", "changed", "new", "unchanged")
    return next((name for name in order if counts.get(name)), "refused")


def _address_of_doubles(city: str) -> str:
    """Where parties that are there twice are listed, if this installation has that page."""
    address = f"/staff/{city}/doubles"
    return address if current_app.url_map.bind("").test(address) else ""


def _back(city: str, import_id: str) -> Page:
    return redirect(url_for("imports.show", city=city, import_id=import_id), 303)


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _chain(header: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield header
    yield from rows
