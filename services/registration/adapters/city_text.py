"""A city's TOML text as a form's values and back, with its remarks kept. The settings page uses it.

A value's name is its key in the file, such as `evening.starts` or `areas[2].name`; so a complaint
of the file's reader finds its field.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import tomlkit
from tomlkit.items import AoT

from services.registration.adapters.city_questions import QUESTIONS, shown_question, told_question

Values = dict[str, str]
Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting; its kind says how a text becomes a value of the file."""

    key: str
    kind: str


FIELDS = (
    *(Field(key, "text") for key in ("programme", "name", "signature", "zone")),
    Field("date", "date"),
    Field("languages", "list"),
    *(Field(f"evening.{name}", "time") for name in ("starts", "ends")),
    Field("kick_off.name", "text"),
    *(Field(f"kick_off.place.{name}", "number") for name in ("lat", "lon")),
    *(Field(f"kick_off.{name}", "time") for name in ("starts", "ends")),
    *(Field(f"registration.{name}", "moment") for name in ("deadline", "late_until")),
    Field("registration.cap", "number"),
    Field("registration.rain_date", "date"),
    Field("registration.link_days", "number"),
    *(Field(f"public.{name}", "switch") for name in ("page", "open_data")),
    *(
        Field(f"retention.{name}", "number")
        for name in ("contacts", "addresses", "notes", "history")
    ),
)
COLUMNS: Mapping[str, tuple[Field, ...]] = {
    "visitor_kinds": (Field("code", "text"), Field("name", "text"), Field("minutes", "number")),
    "areas": (Field("code", "text"), Field("name", "text"), Field("officer", "text")),
}
LISTS = (*COLUMNS, QUESTIONS)


def values_of(source: str) -> tuple[Values, dict[str, list[Record]]]:
    """The fields of a valid text, and the rows of its lists."""
    found = tomllib.loads(source)
    values = {field.key: _shown(_at(found, field.key)) for field in FIELDS}
    rows: dict[str, list[Record]] = {
        name: [{c.key: _shown(row.get(c.key)) for c in columns} for row in _at(found, name) or ()]
        for name, columns in COLUMNS.items()
    }
    rows[QUESTIONS] = [shown_question(row) for row in _at(found, QUESTIONS) or ()]
    return values, rows


def edited(source: str, values: Values, rows: Mapping[str, list[Record]]) -> str:
    """The text with these values; what is the same stays as it is written, remarks and all."""
    document = tomlkit.parse(source)
    before, rows_before = values_of(source)
    for field in FIELDS:
        told = values.get(field.key, "").strip()
        if told != before[field.key]:
            _set(document, field.key, _told(told, field.kind))
    for name, columns in COLUMNS.items():
        if rows[name] != rows_before[name]:
            new = [
                {c.key: _told(row.get(c.key, ""), c.kind) for c in columns} for row in rows[name]
            ]
            _set_rows(document, name, new)
    if rows[QUESTIONS] != rows_before[QUESTIONS]:
        _set_rows(document, QUESTIONS, [told_question(row) for row in rows[QUESTIONS]])
    return tomlkit.dumps(document)


def _told_row(row: Record, columns: Iterable[Field]) -> dict[str, Any]:
    return {column.key: _told(row.get(column.key, ""), column.kind) for column in columns}


def _at(found: Any, key: str) -> Any:
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _shown(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case datetime():
            return value.isoformat(timespec="minutes")
        case time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case list():
            return ", ".join(str(item) for item in value)
    return str(value)


def _told(text: str, kind: str) -> Any:
    """The value that a text stands for; one that is none stays text, for the reader to refuse."""
    text = text.strip()
    if kind == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    if not text or kind not in _READ:
        return text or None
    try:
        return _READ[kind](text)
    except ValueError:
        return text


def _time(text: str) -> time | datetime:
    return datetime.fromisoformat(text) if "T" in text else time.fromisoformat(text)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


_READ: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "time": _time,
    "moment": datetime.fromisoformat,
    "number": _number,
    "switch": bool,
}


def _set(table: Any, key: str, value: Any) -> None:
    *way, last = key.split(".")
    for part in way:
        if part not in table:
            if value is None:
                return
            table[part] = tomlkit.table()
        table = table[part]
    if value is not None:
        table[last] = value
    elif last in table:
        del table[last]


def _set_rows(document: Any, name: str, new: list[dict[str, Any]]) -> None:
    """Make the list of tables hold these rows; a row whose code stays is changed in place."""
    *way, last = name.split(".")
    table = document
    for part in way:
        if part not in table:
            table[part] = tomlkit.table()
        table = table[part]
    known = {str(row.get("code")): row for row in table.get(last, ())}
    codes = [str(row.get("code")) for row in new]
    standing = [code for code in known if code in codes]
    if isinstance(table.get(last), AoT) and standing == codes[: len(standing)]:
        _change_in_place(table[last], known, new)
        return
    rows = tomlkit.aot()
    for row in new:
        rows.append(_table(row))
    if last in table:
        del table[last]
    if new:
        table.append(last, rows)


def _change_in_place(rows: AoT, known: Mapping[str, Any], new: list[dict[str, Any]]) -> None:
    codes = {str(row.get("code")) for row in new}
    for place in reversed(range(len(rows))):
        if str(rows[place].get("code")) not in codes:
            del rows[place]
    for row in new:
        standing = known.get(str(row.get("code")))
        if standing is None:
            rows.append(_table(row))
            continue
        for key, value in row.items():
            if value is None:
                standing.pop(key, None)
            elif standing.get(key) != value:
                standing[key] = value


def _table(row: Mapping[str, Any]) -> Any:
    table = tomlkit.table()
    for key, value in _filled(row.items()):
        table[key] = value
    return table


def _filled(items: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in items if value is not None)
