"""What differs between two texts of a city's settings, in words. The city desk uses it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LABELS: Mapping[str, str] = {
    "programme": "Name of the programme",
    "name": "Name of the city",
    "signature": "Signature under messages",
    "zone": "Time zone",
    "date": "Date",
    "languages": "Languages",
    "settle_seconds": "Seconds before a new plan",
    "bounds.radius_km": "Farthest party from the kick-off, km",
    "evening.starts": "Parties from",
    "evening.ends": "Parties until",
    "kick_off.name": "Kick-off: place",
    "kick_off.place.lat": "Kick-off: latitude",
    "kick_off.place.lon": "Kick-off: longitude",
    "kick_off.starts": "Kick-off: starts",
    "kick_off.ends": "Kick-off: ends",
    "registration.deadline": "Deadline",
    "registration.late_until": "Latecomers until",
    "registration.cap": "Most parties with a visit",
    "registration.rain_date": "Rain date",
    "registration.link_days": "Days that private links open",
    "public.page": "Public page",
    "public.open_data": "Open data",
    "retention.contacts": "Contacts: days kept",
    "retention.addresses": "Exact addresses: days kept",
    "retention.notes": "Notes and answers: days kept",
    "retention.history": "History of changes: days kept",
}
_LISTS = {
    "visitor_kinds": "Visitors",
    "areas": "Area",
    "teams": "Team",
    "registration.questions": "Question",
}
_NAMED_BY = ("code", "id")


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting with its values before and after; empty text is 'not set'."""

    label: str
    before: str
    after: str


def differences(before: str, after: str) -> list[Difference]:
    """The settings that differ, in the order of the later text; both texts are valid TOML."""
    old, new = (dict(_flat(tomllib.loads(text))) for text in (before, after))
    keys = [*new, *(key for key in old if key not in new)]
    return [
        Difference(_label(key), old.get(key, ""), new.get(key, ""))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every setting by its path; members of lists are named by their code or id."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value, start=1):
            name = next((inner[key] for key in _NAMED_BY if key in inner), number)
            yield from _flat(inner, f"{path}[{name}]")
    else:
        yield path, in_words(value)


def in_words(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _label(path: str) -> str:
    if path in LABELS:
        return LABELS[path]
    head, bracket, rest = path.partition("[")
    if bracket and head in _LISTS:
        name, _, inner = rest.partition("]")
        return f"{_LISTS[head]} “{name}”: {inner.lstrip('.') or 'itself'}"
    return path
