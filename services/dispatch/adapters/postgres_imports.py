"""Uploaded spreadsheets between preview and use, and what columns meant before, on PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.dispatch.adapters.spreadsheets import Sheet
from services.dispatch.domain.roster.sheet import Reading, plain
from services.dispatch.domain.roster.values import What
from shared.db import Connection


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file."""

    id: str
    file: str
    sheets: tuple[Sheet, ...]
    at: datetime
    actor_name: str


class PostgresImports:
    """A row for each upload, kept for a day."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep(self, city: str, upload: Upload) -> None:
        """Keep an upload, and throw away those of yesterday."""
        self._conn.execute(
            "delete from roster_imports where at < %s - interval '1 day'", (upload.at,)
        )
        sheets = orjson.dumps(upload.sheets).replace(b"\\u0000", b"").decode()
        self._conn.execute(
            "insert into roster_imports (city, id, at, actor_name, file, sheets)"
            " values (%s, %s, %s, %s, %s, %s)",
            (city, upload.id, upload.at, upload.actor_name, upload.file, sheets),
        )

    def find(self, city: str, id_: str) -> Upload | None:
        """An upload of this city."""
        rows: Any = self._conn.execute(
            "select id, file, sheets, at, actor_name from roster_imports"
            " where city = %s and id = %s",
            (city, id_),
        ).fetchall()
        if not rows:
            return None
        found, file, sheets, at, actor_name = rows[0]
        made = tuple(Sheet(s["name"], tuple(map(tuple, s["rows"]))) for s in sheets)
        return Upload(found, file, made, at, actor_name)

    def forget(self, city: str, id_: str) -> None:
        """Throw an upload away."""
        self._conn.execute("delete from roster_imports where city = %s and id = %s", (city, id_))

    def remembered(self, city: str) -> Mapping[tuple[What, str], str]:
        """What each header was taken for the last time."""
        rows: Any = self._conn.execute(
            "select what, header, field from roster_columns where city = %s", (city,)
        ).fetchall()
        return {(what, header): field for what, header, field in rows}

    def remember(self, city: str, reading: Reading, header: Sequence[str]) -> None:
        """Remember what the columns were taken for."""
        pairs = zip(header, reading.columns, strict=False)
        rows = {plain(cell): field for cell, field in pairs if plain(cell)}
        with self._conn.cursor() as cursor:
            cursor.executemany(
                "insert into roster_columns (city, what, header, field) values (%s, %s, %s, %s)"
                " on conflict (city, what, header) do update set field = excluded.field",
                [(city, reading.what, cell, field) for cell, field in rows.items()],
            )
