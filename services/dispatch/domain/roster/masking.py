"""How contacts of a roster's people look to who has not asked for them. Pure.

What an edge shows is masked; what it sends back masked is what is stored.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.dispatch.domain.roster.values import Entry, Person

CONTACTS = ("phone", "email")


def masked(field: str, value: str) -> str:
    """Like "•••• 37" or "b…@example.org"; other fields as they are."""
    if not value or field not in CONTACTS:
        return value
    if field == "phone":
        return f"•••• {value[-2:]}"
    name, _, host = value.rpartition("@")
    return f"{name[:1]}…@{host}"


def veiled(entry: Entry) -> Entry:
    """The entry with its contacts masked."""
    if not isinstance(entry, Person):
        return entry
    phone, email = masked("phone", entry.phone), masked("email", entry.email)
    return replace(entry, phone=phone, email=email)


def unveiled(given: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """What was given, but for contacts that are nothing but the masks of those stored."""
    if not isinstance(entry, Person):
        return dict(given)
    shown = {name: masked(name, getattr(entry, name)) for name in CONTACTS if getattr(entry, name)}
    return {name: value for name, value in given.items() if shown.get(name) != value}
