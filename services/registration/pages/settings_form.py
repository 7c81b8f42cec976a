"""The settings form as it is sent: values, rows, and what the person changed of them.

Only `settings.py` uses it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from services.registration.adapters.city_questions import QUESTIONS
from services.registration.adapters.city_text import (
    COLUMNS,
    FIELDS,
    LISTS,
    Record,
    Values,
    values_of,
)
from services.registration.domain.city_difference import LABELS
from services.registration.domain.toml_table import CityFileWrong

Rows = dict[str, list[Record]]
_MOST_ROWS = 200
_SPARE = {"visitor_kinds": 2, "areas": 2, QUESTIONS: 1}
_ROW = re.compile(r"(?P<list>[a-z_.]+)\[(?P<number>\d{1,3})\]\.(?P<key>.+)")


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What the page shows: values by key, rows, and sentences about keys."""

    values: Values
    rows: Rows
    languages: tuple[str, ...]
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def spare(self, name: str) -> list[Record]:
        """The rows of a list with empty ones to fill in after them."""
        return [*self.rows[name], *({} for _ in range(_SPARE[name]))]

    def names(self) -> set[str]:
        """The names of all fields, for a complaint to find its own."""
        found = {field.key for field in FIELDS}
        for name in LISTS:
            for number, row in enumerate(self.spare(name), start=1):
                keys = [c.key for c in COLUMNS[name]] if name in COLUMNS else _QUESTION
                found |= {f"{name}[{number}].{key}" for key in (*keys, *row)}
        return found

    def about(self, error: CityFileWrong) -> "SettingsForm":
        """The form with the complaint beside its field."""
        name = error.key
        names = self.names() | set(LISTS)
        while name and name not in names:
            name = re.sub(r"(\.[^.\[\]]+|\[\d+\])$", "", name) if "." in name or "[" in name else ""
        if not name:
            return SettingsForm(self.values, self.rows, self.languages, {"form": [str(error)]})
        said = f"{LABELS.get(name, 'This')} {error.why}.".replace("..", ".")
        return SettingsForm(self.values, self.rows, self.languages, {name: [said]})


_QUESTION = ("code", "kind", "required", "choices")


def shown(source: str) -> SettingsForm:
    """The form of a text."""
    values, rows = values_of(source)
    return SettingsForm(values, rows, _listed(values["languages"]))


def sent(form: MultiDict[str, str]) -> SettingsForm:
    """The form as it was sent; rows without anything in them are left out."""
    values = {field.key: _line(form.get(field.key, "")) for field in FIELDS}
    values["languages"] = ", ".join(form.getlist("languages"))
    rows: Rows = {name: [] for name in LISTS}
    found: dict[tuple[str, int], Record] = {}
    for key in form:
        match = _ROW.fullmatch(key)
        if match and match["list"] in rows and int(match["number"]) <= _MOST_ROWS:
            row = found.setdefault((match["list"], int(match["number"])), {})
            row[match["key"]] = form.get(key, "").replace("\r\n", "\n").strip()
    for (name, _), row in sorted(found.items(), key=lambda item: item[0]):
        gone = row.pop("remove", "")
        if not gone and any(row.get(key) for key in row if key != "kind"):
            rows[name].append(_whole(name, row))
    return SettingsForm(values, rows, _listed(values["languages"]))


def merged(mine: SettingsForm, seen: SettingsForm, current: SettingsForm) -> SettingsForm:
    """What the person changed of what was seen, put upon what is current."""
    values = {
        key: mine.values[key] if mine.values[key] != seen.values[key] else value
        for key, value in current.values.items()
    }
    rows = {
        name: mine.rows[name] if mine.rows[name] != seen.rows[name] else current.rows[name]
        for name in current.rows
    }
    return SettingsForm(values, rows, _listed(values["languages"]))


def _whole(name: str, row: Record) -> Record:
    if name in COLUMNS:
        return {column.key: row.get(column.key, "") for column in COLUMNS[name]}
    texts = {key: row[key] for key in row if key.startswith("text.")}
    return {key: row.get(key, "") for key in _QUESTION} | texts


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _line(text: str) -> str:
    return text.replace("\0", "").strip()
