"""Values, changes and filters as staff read them; contacts are masked. Staff pages use it."""

import re
from typing import Any

from services.registration.domain.city import City
from services.registration.domain.civil_time import Span
from services.registration.domain.geography import Point
from services.registration.domain.history import LABELS, FieldChange
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Consent
from services.registration.domain.standing import Standing
from services.registration.pages.language import language

ENGLISH = language("en")
WHYS = {
    "phone": "same phone",
    "email": "same e-mail",
    "block": "same block",
    "place": "same place",
    "host": "same host's name",
    "near": "within 60 m, on another block",
}
CLOSURES = {"wanted": "wanted", "granted": "granted", "refused": "refused"}
STANDINGS: dict[Standing, str] = {
    "registered": "registered",
    "planned": "visit planned",
    "late": "late",
    "no_visit": "no visit wanted",
    "waiting": "waiting list",
    "closure_wanted": "closure wanted",
    "held": "to look at",
    "withdrawn": "withdrawn",
}
KINDS = {
    "confirmed": "Mark as confirmed",
    "area": "Set the area",
    "closure": "Decide the street closure",
    "note": "Add a note",
    "no_visit": "Set “no visit”",
    "withdraw": "Withdraw",
    "restore": "Restore",
    "undo": "Undo a change of many",
}


def masked_phone(phone: str) -> str:
    """The number's last two digits."""
    return f"•••• {phone[-2:]}" if phone else ""


def masked_email(email: str) -> str:
    """The address with its first letter and its domain."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""


def as_dialled(phone: str) -> str:
    """North American numbers as people there write them."""
    return re.sub(r"\+1(\d{3})(\d{3})(\d{4})", r"(\1) \2-\3", phone)


def said(change: FieldChange, city: City) -> str:
    """The change in words, as in 'Area: North → South'."""
    before, after = (value(change.field, v, city) for v in (change.before, change.after))
    if before == after:
        return f"{LABELS[change.field]} changed"
    return f"{LABELS[change.field]}: {before} → {after}"


def value(field: str, held: Any, city: City) -> str:
    """A field's value in words."""
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, tuple):
        return _several(field, held, city) or "none"
    if isinstance(held, Span | Point | Consent):
        return _composed(held, city)
    return _named(field, held, city) or "none"


def _composed(held: Span | Point | Consent, city: City) -> str:
    if isinstance(held, Span):
        return ENGLISH.throughout(held, city.zone)
    if isinstance(held, Point):
        return f"{held.lat:.5f}, {held.lon:.5f}"
    return f"“{held.wording}” ({ENGLISH.moment(held.given_at, city.zone)})"


def _named(field: str, held: Any, city: City) -> str:
    if held is None:
        return ""
    masks = {"phone": masked_phone, "email": masked_email, "language": ENGLISH.name_of}
    if field in masks:
        return masks[field](str(held))
    if field == "area":
        return next((area.name for area in city.areas if area.code == held), str(held))
    return str(held)


def _several(field: str, held: tuple[Any, ...], city: City) -> str:
    if field == "answers":
        asked = {q.code: q.text.said("en") for q in city.entry.questions}
        return "; ".join(f"{asked.get(code, code)}: {text}" for code, text in held)
    names = {kind.code: kind.name for kind in city.visitor_kinds} | dict(MATERIALS)
    return ", ".join(names.get(code, code) for code in held)
