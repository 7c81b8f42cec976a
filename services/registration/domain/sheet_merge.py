"""Decides what a row of a list may change of a party: never a newer edit. Imports use it.

Works field by field. The history of the party says who changed which field last.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from services.registration.domain.party import Details


@dataclass(frozen=True, slots=True)
class Version:
    """One state in a party's history, and who brought it about."""

    revision: int
    changed_by: str
    details: Details


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what the party has, and what the sheet says."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`changes` may be made; `kept` are newer edits that stay; `fields` are the registration's."""

    changes: tuple[Change, ...]
    kept: tuple[Change, ...]
    fields: frozenset[str]


def _lines(text: str) -> str:
    """The text with line ends of one kind: forms, CSV and XLSX have each its own."""
    return "\n".join(text.splitlines())


Value = Callable[[Details], object]
_NOT_BY_HAND = ("import", "geocoder")
_FIELDS: Mapping[str, tuple[tuple[str, ...], Value]] = {
    "name": (("name",), lambda d: _lines(d.name)),
    "address": (("address",), lambda d: _lines(d.address)),
    "location_notes": (("location_notes",), lambda d: _lines(d.location_notes)),
    "place": (("lat", "lon"), lambda d: d.place),
    "hours": (("starts_at", "ends_at"), lambda d: d.span),
    "area": (("area",), lambda d: d.area),
    "people": (("people",), lambda d: d.people),
    "children": (("children",), lambda d: d.children),
    "wanted": (("wanted", "no_visit"), lambda d: (frozenset(d.wanted), d.no_visit)),
    "materials": (("materials",), lambda d: frozenset(d.materials)),
    "closure": (("closure",), lambda d: d.closure),
    "rain_plan": (("rain_plan",), lambda d: _lines(d.rain_plan)),
    "public": (("public",), lambda d: d.public),
    "host_name": (("host_name",), lambda d: _lines(d.host.name)),
    "phone": (("phone",), lambda d: d.host.phone),
    "email": (("email",), lambda d: d.host.email),
    "language": (("language",), lambda d: d.host.language),
    "sms_consent": (("sms_consent",), lambda d: d.host.sms_consent),
}


def differing(ours: Details, theirs: Details, given: Collection[str]) -> tuple[str, ...]:
    """The fields in which the sheet says something else than the party."""
    return tuple(
        field
        for field, (parts, value) in _FIELDS.items()
        if any(part in given for part in parts) and value(ours) != value(theirs)
    )


def merge(
    ours: Details,
    theirs: Details,
    fields: Collection[str],
    versions: Sequence[Version],
    revision: int,
) -> Merged:
    """What becomes of the differing fields.

    `revision` is that of the party when the sheet was exported, 0 if unknown: then whatever was
    not brought in by an import counts as a newer edit.
    """
    base = next((v.details for v in versions if v.revision == revision), None)
    changes, kept, taken = [], [], set[str]()
    for field in fields:
        parts, value = _FIELDS[field]
        if base is not None and value(base) == value(theirs):
            continue  # The sheet did not touch it; the party's own newer value stays.
        change = Change(field, words(field, ours), words(field, theirs))
        if _edited_since(value, versions, revision):
            kept.append(change)
        else:
            changes.append(change)
            taken.update(parts)
    return Merged(tuple(changes), tuple(kept), frozenset(taken))


def _edited_since(value: Value, versions: Sequence[Version], revision: int) -> bool:
    """Whether the field's present value is an edit that the sheet cannot know of."""
    before: object = None
    edited = not versions
    for version in versions:
        now = value(version.details)
        if now != before or version.revision == 1:
            by_hand = version.changed_by not in _NOT_BY_HAND or revision > 0
            edited = by_hand and version.revision > revision
        before = now
    return edited


def words(field: str, details: Details) -> str:
    """A field's value as people read it; moments as ISO texts in UTC."""
    match field:
        case "place":
            place = details.place
            return f"{place.lat}, {place.lon}" if place else ""
        case "hours":
            span = details.span
            return f"{span.opens.isoformat()} {span.closes.isoformat()}"
        case "wanted":
            return "no visit" if details.no_visit else ", ".join(details.wanted)
        case "materials":
            return ", ".join(details.materials)
    value = _FIELDS[field][1](details)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
