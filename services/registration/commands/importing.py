"""Runs one import from the command line by the same steps as the pages. `import` uses it."""

from collections.abc import Callable

from services.registration.adapters.import_desk import ImportDesk, NotNow, Upload
from services.registration.adapters.links import Links
from services.registration.domain.imports import Import
from services.registration.domain.sheet import need_address
from services.registration.importing import Importer
from shared.clock import Clock
from shared.db import Pool

Say = Callable[[str], None]


def import_list(
    upload: Upload,
    city: str,
    pool: Pool,
    *,
    clock: Clock,
    links: Links,
    strict: bool,
    progress: Say,
) -> Import:
    """Take the file, judge every row, and bring in the good ones unless `strict` and any is bad.

    Raises `SheetWrong`.
    """
    desk, importer = ImportDesk(pool, clock), Importer(pool, clock, links)

    def say(now: Import) -> None:
        if now.state == "importing" and now.done:
            progress(f"{now.done + now.counts.get('refused', 0)} of {now.total}")

    made = desk.take(city, upload, strict=strict)
    need_address(made.columns, made.mapping)
    desk.map(city, made.id, made.mapping)
    checked = importer.finish(made.id, lambda _: None)
    if checked.state != "checked":
        return checked
    try:
        desk.start(city, made.id)
    except NotNow:
        desk.cancel(city, made.id)
        return desk.find(city, made.id)
    return importer.finish(made.id, say)


def complaints(desk: ImportDesk, found: Import, say: Say) -> None:
    """Say of each row why it was refused, or what of it was kept as it is."""
    for row in desk.with_reasons(found.id):
        if row.outcome == "refused":
            say(f"line {row.line}: {row.sentence()}")
        elif row.outcome == "kept":
            say(f"line {row.line}: kept as its host has changed it since")
        if row.open_spot:
            say(f"line {row.line}: {row.open_spot}")


def sentence(found: Import) -> str:
    """All counts, in one line."""
    counts = found.results or found.counts
    told = ", ".join(f"{counts.get(name, 0)} {name}" for name in ("new", "changed", "unchanged"))
    kept = f", {counts['kept']} kept" if counts.get("kept") else ""
    return f"{found.total} read, {told}, {counts.get('refused', 0)} refused{kept}"
