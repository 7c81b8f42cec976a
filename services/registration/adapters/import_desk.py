"""What people ask of imports, each in one transaction. The staff's pages and the command use it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.registration.adapters.postgres_imports import PostgresImports
from services.registration.adapters.spreadsheets import open_source
from services.registration.domain.imports import Import, JudgedRow, State
from services.registration.domain.sheet import SheetWrong, check_mapping, propose
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.ids import new_id
from shared.work import begin

SAMPLE = 5
_STOPPABLE: tuple[State, ...] = ("mapping", "reading", "checking", "checked", "importing")


class NoSuchImport(LookupError):
    """There is no such import in this city."""


class NotNow(ValueError):
    """The import is not in a state for that; the sentence may be shown."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, from whom."""

    name: str
    data: bytes
    by: str


class ImportDesk:
    """Holds what every request about imports needs."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def can_be_undone(self, found: Import) -> bool:
        """Whether what the import did may still be taken back."""
        return found.can_be_undone(self._clock.now())

    def take(self, city: str, upload: Upload, *, strict: bool = False) -> Import:
        """Keep the file with what its columns seem to mean; raises `SheetWrong`."""
        source = open_source(upload.data)
        header = source.header()
        after = (line.cells for line in source.lines() if line.number > header.number)
        sample = tuple(islice(after, SAMPLE))
        if not sample:
            raise SheetWrong("There are no rows below the line with the columns' names.")
        width = max(len(header.cells), *(len(cells) for cells in sample))
        columns = header.cells + ("",) * (width - len(header.cells))
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            known = imports.remembered(city, columns)
            made = Import(
                id=new_id(),
                city=city,
                name=upload.name[:200] or "list",
                sheet=source.name,
                state="mapping",
                header_line=header.number,
                columns=columns,
                mapping=known if len(known) == width else propose(columns),
                sample=sample,
                total=0,
                done=0,
                last_line=0,
                counts={},
                results={},
                made_by=upload.by[:200],
                made_at=work.now,
                finished_at=None,
                problem="",
                strict=strict,
            )
            imports.add(made, upload.data)
            record(work.conn, "list uploaded", made.name, city=city)
        return made

    def map(self, city: str, import_id: str, mapping: Sequence[str]) -> None:
        """Read the file with this meaning of its columns; remembered for the next such file.

        Raises `SheetWrong`.
        """
        check_mapping(mapping)
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            found = _held(imports, city, import_id, "mapping")
            if len(mapping) != len(found.columns):
                raise SheetWrong("Please say for every column what it means.")
            imports.map(import_id, mapping)
            imports.remember(city, found.columns, mapping, work.now)
            imports.move(import_id, "reading", work.now)

    def map_again(self, city: str, import_id: str) -> None:
        """Go back from the preview to what the columns mean."""
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            _held(imports, city, import_id, "checked")
            imports.move(import_id, "mapping", work.now)

    def start(self, city: str, import_id: str) -> None:
        """Bring in what the preview showed."""
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            found = _held(imports, city, import_id, "checked")
            if found.strict and found.counts.get("refused"):
                raise NotNow("Nothing was imported, because some rows are bad.")
            imports.move(import_id, "importing", work.now)
            record(work.conn, "list imported", found.name, city=city)

    def cancel(self, city: str, import_id: str) -> None:
        """Stop; what was brought in until now stays, and can be undone."""
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            found = _held(imports, city, import_id, *_STOPPABLE)
            imports.move(import_id, "cancelled", work.now)
            record(work.conn, "import cancelled", found.name, city=city)

    def undo(self, city: str, import_id: str) -> None:
        """Take back what it did, where nothing later touched it."""
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            found = _held(imports, city, import_id, "done", "cancelled")
            if not found.can_be_undone(work.now):
                raise NotNow("This import was made more than a day ago, or changed nothing.")
            imports.move(import_id, "undoing", work.now)
            record(work.conn, "import undone", found.name, city=city)

    def find(self, city: str, import_id: str) -> Import:
        """The import; raises `NoSuchImport`."""
        with self._pool.connection() as conn:
            found = PostgresImports(conn).find(import_id)
        if found is None or found.city != city:
            raise NoSuchImport("There is no such import here.")
        return found

    def of_city(self, city: str) -> list[Import]:
        """The city's newest imports."""
        with self._pool.connection() as conn:
            return PostgresImports(conn).of_city(city)

    def rows(self, import_id: str, outcome: str, after: int = 0) -> list[JudgedRow]:
        """Some rows with that outcome."""
        with self._pool.connection() as conn:
            return PostgresImports(conn).rows(import_id, outcome, after)

    def with_reasons(self, import_id: str) -> Iterator[JudgedRow]:
        """Every row that has a reason."""
        with self._pool.connection() as conn:
            yield from PostgresImports(conn).with_reasons(import_id)


def _held(imports: PostgresImports, city: str, import_id: str, *states: State) -> Import:
    found = imports.find(import_id, hold=True)
    if found is None or found.city != city:
        raise NoSuchImport("There is no such import here.")
    if found.state not in states:
        raise NotNow("This has changed meanwhile; please look at how it stands now.")
    return found
