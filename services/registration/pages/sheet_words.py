"""What pages say of imports: states, fields and values in words. Only the pages of lists use it."""

from datetime import datetime

from services.registration.domain.city import City
from services.registration.domain.imports import Import
from services.registration.domain.sheet import LABELS

_STATES = {
    "mapping": "Waits for you to say what the columns mean",
    "reading": "Reading the file",
    "checking": "Comparing with what is here",
    "checked": "Waits for you to look and bring it in",
    "importing": "Bringing it in",
    "done": "Brought in",
    "cancelled": "Cancelled",
    "failed": "Could not be read",
    "undoing": "Being taken back",
    "undone": "Taken back",
    "new": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "kept": "Kept as edited here",
    "refused": "Refused",
}
_FIELDS = {"place": "Coordinates", "hours": "Hours", "state": "State", "form": "Row"}


def words_of(found: Import | str) -> str:
    """A state or an outcome in words."""
    return _STATES[found if isinstance(found, str) else found.state]


def field_words(field: str) -> str:
    """A field's name as people know it."""
    return _FIELDS.get(field) or LABELS.get(field, field)


def value_words(field: str, text: str, city: City) -> str:
    """A value as people read it; hours in the city's zone."""
    if field == "hours" and text:
        opens, _, closes = text.partition(" ")
        return f"{_clock(opens, city)}–{_clock(closes, city)}"
    return text or "empty"


def _clock(text: str, city: City) -> str:
    moment = datetime.fromisoformat(text).astimezone(city.zone)
    return moment.strftime("%-I:%M %p")
