"""What a change of a party changed, field by field, and how one is put back. Everything may use it.

A field is named as in the form; contacts are the host's fields, `state` and the like the party's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Actor, Details, Host, Party

_OF_PARTY = ("state", "closure_state", "confirmed", "waiting", "consent")
_OF_HOST = {"host_name": "name"} | {
    name: name for name in ("phone", "email", "language", "sms_consent")
}
_OF_DETAILS = tuple(f.name for f in fields(Details) if f.name != "host")
FIELDS = (*_OF_DETAILS, *_OF_HOST, *_OF_PARTY)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a party: `before` is None where it was entered."""

    revision: int
    actor: Actor
    person: str
    why: str
    at: datetime
    before: Party | None
    after: Party

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """What it changed; of an entry, nothing."""
        return differences(self.before, self.after) if self.before else ()


def values_of(party: Party) -> dict[str, Any]:
    """The party's values by field."""
    details, host = party.details, party.details.host
    found = {name: getattr(details, name) for name in _OF_DETAILS}
    found |= {name: getattr(host, attribute) for name, attribute in _OF_HOST.items()}
    return found | {name: getattr(party, name) for name in _OF_PARTY}


def differences(before: Party, after: Party) -> tuple[FieldChange, ...]:
    """The fields in which two states of a party differ."""
    old, new = values_of(before), values_of(after)
    return tuple(FieldChange(f, old[f], new[f]) for f in FIELDS if old[f] != new[f])


def with_values(party: Party, values: Mapping[str, Any]) -> Party:
    """The party with these fields in place of its own."""
    of_host = {_OF_HOST[name]: value for name, value in values.items() if name in _OF_HOST}
    of_details = {name: value for name, value in values.items() if name in _OF_DETAILS}
    of_party = {name: value for name, value in values.items() if name in _OF_PARTY}
    host: Host = replace(party.details.host, **of_host)
    return replace(party, details=replace(party.details, host=host, **of_details), **of_party)


def put_back(party: Party, undone: Change, later: Iterable[Change]) -> Party:
    """The party as before `undone` in the fields that it changed.

    Raises `Rejected` where it changed nothing, or a later change touched one of these fields.
    """
    if not undone.fields:
        raise Rejected(Complaint("form", "There is nothing to undo in this change."))
    mine = {change.field for change in undone.fields}
    touched = {change.field for each in later for change in each.fields}
    for field in FIELDS:
        if field in mine & touched:
            text = "This cannot be undone: {field} was changed again since."
            raise Rejected(Complaint("form", text, {"field": LABELS[field].lower()}))
    return with_values(party, {change.field: change.before for change in undone.fields})


LABELS = {
    "name": "Name",
    "address": "Address",
    "location_notes": "How to find it",
    "place": "Place on the map",
    "area": "Area",
    "span": "Hours",
    "people": "People",
    "children": "Children",
    "wanted": "Visitors asked for",
    "no_visit": "No visit",
    "materials": "Materials",
    "closure": "Street closure wanted",
    "rain_plan": "Rain plan",
    "public": "On the public map",
    "answers": "Answers",
    "beat": "Beat",
    "district": "District",
    "placed_by": "Placed by",
    "host_name": "Host",
    "phone": "Phone",
    "email": "E-mail",
    "language": "Language",
    "sms_consent": "Text messages",
    "state": "State",
    "closure_state": "Street closure",
    "confirmed": "Confirmed",
    "waiting": "Waiting list",
    "consent": "Consent to texts",
}
