"""Imports and their rows in PostgreSQL. The desk of imports makes one for each transaction."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson
from psycopg.rows import class_row

from services.registration.domain.geography import Point
from services.registration.domain.imports import (
    KEEP_ROWS_FOR,
    WORKING,
    Import,
    JudgedRow,
    Spot,
)
from services.registration.domain.sheet import Line
from shared.db import Connection

_IMPORT: LiteralString = (
    "select id::text, city, name, sheet, state, header_line, columns, mapping, sample, total,"
    " done, last_line, counts, results, made_by, made_at, finished_at, problem, strict"
    " from imports "
)
_ROW: LiteralString = (
    "select line, cells, outcome, said, coalesce(party_id::text, '') from import_rows"
)
MOST_LISTED = 100
_BEFORE_IT_IS_DONE = ("mapping", "reading", "checking", "checked")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, as it is written down."""

    line: int
    outcome: str
    said: dict[str, object] = field(default_factory=dict)
    party_id: str | None = None
    revision: int | None = None
    before_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A row that changed a party: which, and from which revision to which."""

    line: int
    outcome: str
    party_id: str
    revision: int
    before_revision: int | None


class PostgresImports:
    """The imports inside the transaction that `conn` is in."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, made: Import, file: bytes) -> None:
        """Keep a new import with its file."""
        self._conn.execute(
            "insert into imports (id, city, name, sheet, state, header_line, columns, mapping,"
            " sample, file, made_by, made_at, strict)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(made.id, made.city, made.name, made.sheet, made.state, made.header_line),
                *(list(made.columns), list(made.mapping), orjson.dumps(made.sample).decode()),
                *(file, made.made_by, made.made_at, made.strict),
            ),
        )

    def find(self, import_id: str, *, hold: bool = False) -> Import | None:
        """The import; with `hold` kept from other changes until the transaction ends."""
        query = _IMPORT + "where id = %s" + (" for update" if hold else "")
        with self._conn.cursor(row_factory=_import) as cursor:
            return cursor.execute(query, (import_id,)).fetchone()

    def of_city(self, city: str) -> list[Import]:
        """The city's newest imports."""
        with self._conn.cursor(row_factory=_import) as cursor:
            return cursor.execute(
                _IMPORT + "where city = %s order by made_at desc limit 30", (city,)
            ).fetchall()

    def next_at_work(self) -> Import | None:
        """The oldest import that has something to do."""
        with self._conn.cursor(row_factory=_import) as cursor:
            return cursor.execute(
                _IMPORT + "where state in ('reading', 'checking', 'importing', 'undoing')"
                " order by made_at limit 1"
            ).fetchone()

    def file(self, import_id: str) -> bytes:
        """The uploaded file, empty once it was read."""
        row: Any = self._conn.execute(
            "select file from imports where id = %s", (import_id,)
        ).fetchone()
        return bytes(row[0]) if row and row[0] is not None else b""

    def move(self, import_id: str, state: str, now: datetime, problem: str = "") -> None:
        """Go on to a state, its work from the start; an end lets go of the file."""
        ended = state not in (*WORKING, "mapping", "checked")
        self._conn.execute(
            "update imports set state = %s, done = 0, last_line = 0, problem = %s,"
            " finished_at = case when %s then %s::timestamptz else finished_at end,"
            " results = case when %s then '{}'::jsonb else results end,"
            " file = case when %s then null else file end where id = %s",
            (
                *(state, problem, ended and state != "undone", now, state == "importing"),
                *(state not in _BEFORE_IT_IS_DONE, import_id),
            ),
        )

    def map(self, import_id: str, mapping: Sequence[str]) -> None:
        """Keep what the columns mean; rows read under another meaning are read anew."""
        self._conn.execute("delete from import_rows where import_id = %s", (import_id,))
        self._conn.execute(
            "update imports set mapping = %s, total = 0, done = 0, counts = '{}' where id = %s",
            (list(mapping), import_id),
        )

    def load(self, import_id: str, rows: Sequence[tuple[Line, str]]) -> None:
        """Add lines with their keys, by COPY."""
        columns: LiteralString = "copy import_rows (import_id, line, key, cells) from stdin"
        whose = UUID(import_id)
        with (
            self._conn.cursor() as cursor,
            cursor.copy(columns + " (format binary)") as copy,
        ):
            copy.set_types(("uuid", "int4", "text", "text[]"))
            for line, key in rows:
                copy.write_row((whose, line.number, key, list(line.cells)))
        self._conn.execute(
            "update imports set total = total + %s, done = done + %s where id = %s",
            (len(rows), len(rows), import_id),
        )

    def lines(self, import_id: str, after: int, most: int, state: str) -> list[Line]:
        """The next lines to be judged, or to be brought in: those that were not refused."""
        skipped: LiteralString = " and outcome <> 'refused'" if state == "importing" else ""
        rows: Any = self._conn.execute(
            "select line, cells from import_rows where import_id = %s and line > %s"
            + skipped
            + " order by line limit %s",
            (import_id, after, most),
        ).fetchall()
        return [Line(number, tuple(cells)) for number, cells in rows]

    def spots(self, import_id: str, lines: Sequence[int]) -> dict[int, Spot]:
        """What the preview found for these lines, where it looked their addresses up."""
        rows: Any = self._conn.execute(
            "select line, said -> 'spot' from import_rows"
            " where import_id = %s and line between %s and %s and said ? 'spot'",
            (import_id, lines[0], lines[-1]),
        ).fetchall()
        return {line: _spot(kept) for line, kept in rows}

    def first_lines(self, import_id: str, keys: Sequence[str]) -> dict[str, int]:
        """The first line of each key in the file."""
        rows: Any = self._conn.execute(
            "select key, min(line) from import_rows where import_id = %s and key = any(%b)"
            " group by key",
            (import_id, list(keys)),
        ).fetchall()
        return dict(rows)

    def settle(
        self, import_id: str, outcomes: Sequence[Outcome], counts: dict[str, int], column: str
    ) -> None:
        """Write down what became of the rows, with the counts so far in `counts` or `results`."""
        if not outcomes:
            return
        self._conn.execute(
            "update import_rows r set outcome = o.outcome, said = o.said, party_id = o.party_id,"
            " revision = o.revision, before_revision = o.before_revision"
            " from unnest(%b::int[], %b::text[], %b::text[]::jsonb[], %b::text[]::uuid[],"
            " %b::int[], %b::int[])"
            " o (line, outcome, said, party_id, revision, before_revision)"
            " where r.import_id = %s and r.line = o.line",
            (
                [o.line for o in outcomes],
                [o.outcome for o in outcomes],
                [orjson.dumps(o.said).decode() if o.said else None for o in outcomes],
                [o.party_id for o in outcomes],
                [o.revision for o in outcomes],
                [o.before_revision for o in outcomes],
                import_id,
            ),
        )
        self.reached(import_id, outcomes[-1].line, len(outcomes), counts, column)

    def reached(
        self, import_id: str, line: int, number: int, counts: dict[str, int], column: str
    ) -> None:
        """Note how far the work is."""
        which: LiteralString = "results" if column == "results" else "counts"
        self._conn.execute(
            "update imports set done = done + %s, last_line = %s, "
            + which
            + " = %s::jsonb where id = %s",
            (number, line, orjson.dumps(counts).decode(), import_id),
        )

    def brought_in(self, import_id: str, after: int, most: int) -> list[Done]:
        """The next rows that made or changed a party, for undoing them."""
        with self._conn.cursor(row_factory=class_row(Done)) as cursor:
            return cursor.execute(
                "select line, outcome, party_id::text, revision, before_revision from import_rows"
                " where import_id = %s and line > %s and revision is not null"
                " and outcome in ('new', 'changed') order by line limit %s",
                (import_id, after, most),
            ).fetchall()

    def rows(self, import_id: str, outcome: str, after: int = 0) -> list[JudgedRow]:
        """Some rows with that outcome, those with anything to say of."""
        with self._conn.cursor(row_factory=_judged) as cursor:
            return cursor.execute(
                _ROW
                + " where import_id = %s and outcome = %s and line > %s order by line limit %s",
                (import_id, outcome, after, MOST_LISTED),
            ).fetchall()

    def with_reasons(self, import_id: str) -> Iterator[JudgedRow]:
        """Every row that was refused, in which something was kept, or whose place is open."""
        with self._conn.cursor("with_reasons", row_factory=_judged) as cursor:
            cursor.itersize = 1000
            yield from cursor.execute(
                _ROW + " where import_id = %s and (outcome in ('refused', 'kept') or said ? 'kept'"
                " or said #>> '{spot,outcome}' in ('doubtful', 'unknown')) order by line",
                (import_id,),
            )

    def remembered(self, city: str, columns: Sequence[str]) -> tuple[str, ...]:
        """What these columns meant the last time; empty if they were never seen."""
        row: Any = self._conn.execute(
            "select mapping from import_mappings where city = %s and header = %s",
            (city, _digest(columns)),
        ).fetchone()
        return tuple(row[0]) if row else ()

    def remember(
        self, city: str, columns: Sequence[str], mapping: Sequence[str], now: datetime
    ) -> None:
        """Keep what these columns mean in the city."""
        self._conn.execute(
            "insert into import_mappings (city, header, mapping, used_at) values (%s, %s, %s, %s)"
            " on conflict (city, header) do update set mapping = excluded.mapping,"
            " used_at = excluded.used_at",
            (city, _digest(columns), list(mapping), now),
        )


def forget_old_imports(conn: Connection, now: datetime) -> None:
    """Delete rows and files that have served their time; what the import did stays written down."""
    old = now - KEEP_ROWS_FOR
    conn.execute(
        "delete from import_rows where import_id in (select id from imports where made_at < %s"
        " and state not in ('reading', 'checking', 'importing', 'undoing'))",
        (old,),
    )
    conn.execute(
        "delete from imports where made_at < %s and state in ('mapping', 'checked')", (old,)
    )


def _digest(columns: Sequence[str]) -> bytes:
    folded = "\x1f".join(" ".join(name.casefold().split()) for name in columns)
    return hashlib.sha256(folded.encode("utf-8", "replace")).digest()


def _import(_: Any) -> Any:
    def made(row: Sequence[Any]) -> Import:
        values = list(row)
        values[6], values[7] = tuple(row[6]), tuple(row[7])
        values[8] = tuple(tuple(cells) for cells in row[8])
        return Import(*values)

    return made


def _spot(kept: Any) -> Spot:
    place = Point(**kept["place"]) if kept["place"] else None
    return Spot(kept["outcome"], tuple(kept["labels"]), place)


def _judged(_: Any) -> Any:
    def made(row: Sequence[Any]) -> JudgedRow:
        line, cells, outcome, said, party_id = row
        matters = {n: tuple(tuple(m) for m in found) for n, found in (said or {}).items()}
        spot = _spot(said["spot"]) if matters.pop("spot", None) else None
        return JudgedRow(line, tuple(cells), outcome, party_id=party_id, spot=spot, **matters)

    return made
