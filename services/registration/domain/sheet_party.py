"""Understands one row of a spreadsheet as a registration in a city. Imports use it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from math import isfinite, nan
from typing import Literal

from services.registration.domain.checks import MOST_PEOPLE
from services.registration.domain.city import City
from services.registration.domain.civil_time import NoSuchTime, NotATime, Span, read_moment
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Registration
from services.registration.domain.sheet import Row

_YES = frozenset(("yes", "y", "true", "1", "x", "si", "sí"))
_NO = frozenset(("no", "n", "false", "0", ""))
Fit = Literal["within", "clipped", "missed"]
_NOBODY = frozenset(("none", "no visit", "no_visit", "nobody"))


@dataclass(frozen=True, slots=True)
class SheetParty:
    """A row understood: its key within the city, and how its hours fit the evening."""

    line: int
    key: str
    asked: Registration
    fit: Fit


def party_in(row: Row, city: City) -> SheetParty:
    """The party in the row; raises `Rejected` with every complaint."""
    reading = _RowReading(row, city)
    span, fit = reading.span()
    kinds = reading.kinds()
    address = row.values.get("address", "")
    asked = Registration(
        name=row.values.get("name") or f"Block party, {address.partition(',')[0]}"[:200],
        address=address,
        starts_at=span.opens.isoformat(),
        ends_at=span.closes.isoformat(),
        host_name=row.values.get("host_name", ""),
        phone=row.values.get("phone", ""),
        email=row.values.get("email", ""),
        language=row.values.get("language", "").lower(),
        sms_consent=reading.truth("sms_consent"),
        location_notes=row.values.get("location_notes", ""),
        lat=reading.degrees("lat"),
        lon=reading.degrees("lon"),
        area=row.values.get("area", "") if row.values.get("area") in city.area_codes() else "",
        people=reading.people("people"),
        children=reading.people("children"),
        wanted=kinds,
        materials=reading.materials(),
        no_visit=reading.truth("no_visit") or reading.wants_nobody(),
    )
    if reading.complaints:
        raise Rejected(*reading.complaints)
    return SheetParty(row.line, _key(row), asked, fit)


def _key(row: Row) -> str:
    """The sheet's own reference, else a fingerprint of where, when and what."""
    reference = row.values.get("reference")
    if reference:
        return f"ref {reference[:200]}"
    parts = (row.values.get(name, "") for name in ("address", "starts_at", "ends_at", "name"))
    return f"row {hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"


class _RowReading:
    """One row being read; collects complaints."""

    def __init__(self, row: Row, city: City) -> None:
        self.row = row
        self.city = city
        self.complaints: list[Complaint] = []

    def span(self) -> tuple[Span, Fit]:
        """The party's hours: clipped to the evening, or as they are where they miss it."""
        evening, zone = self.city.evening, self.city.zone
        opens = self._moment("starts_at", evening.opens)
        closes = self._moment("ends_at", evening.closes)
        given = Span(opens, closes)
        if closes <= opens:
            self._complain("ends_at", "The end must be later than the start.")
        days = [moment.astimezone(zone).date() for moment in (opens, closes)]
        if not days[0] <= self.city.day <= days[1]:
            self._complain("starts_at", f"The party is not on {self.city.day}.")
        clipped = Span(max(opens, evening.opens), min(closes, evening.closes))
        if clipped.closes <= clipped.opens:
            return given, "missed"
        return clipped, "within" if clipped == given else "clipped"

    def _moment(self, name: str, default: datetime) -> datetime:
        text = self.row.values.get(name)
        if not text:
            return default
        try:
            return read_moment(text, self.city.day, self.city.zone).moment
        except (NotATime, NoSuchTime) as error:
            self._complain(name, f"{error}.".replace("{", "(").replace("}", ")"))
            return default

    def kinds(self) -> tuple[str, ...]:
        """The wanted kinds' codes; names are understood too."""
        codes = {kind.name.lower(): kind.code for kind in self.city.visitor_kinds}
        found = self._listed("wanted")
        return tuple(codes.get(part, part) for part in found if part not in _NOBODY)

    def materials(self) -> tuple[str, ...]:
        """The materials' codes; names are understood too."""
        codes = {name.lower(): code for code, name in MATERIALS.items()}
        found = (codes.get(part, re.sub(r"[ -]+", "_", part)) for part in self._listed("materials"))
        return tuple(code for code in found if code not in _NOBODY)

    def _listed(self, name: str) -> list[str]:
        parts = re.split(r"[;,|/]", self.row.values.get(name, ""))
        return [part.strip().lower() for part in parts if part.strip()]

    def wants_nobody(self) -> bool:
        return self.row.values.get("wanted", "").lower() in _NOBODY

    def truth(self, name: str) -> bool:
        text = self.row.values.get(name, "").lower()
        if text not in _YES | _NO:
            self._complain(name, "Please write yes or no.")
        return text in _YES

    def degrees(self, name: str) -> float | None:
        found = self._number(name)
        if found is not None and not isfinite(found):
            self._complain(name, "Please give degrees as a number, such as 34.1394.")
            return None
        return found

    def people(self, name: str) -> int:
        found = self._number(name) or 0.0
        if not (isfinite(found) and found == int(found) and 0 <= found <= MOST_PEOPLE):
            self._complain(name, "Please give a number from 0 to 100,000.")
            return 0
        return int(found)

    def _number(self, name: str) -> float | None:
        """The cell as a number; not-a-number for other texts; None where it is empty."""
        text = self.row.values.get(name)
        try:
            return float(text) if text else None
        except ValueError:
            return nan

    def _complain(self, field: str, text: str) -> None:
        self.complaints.append(Complaint(field, text))
