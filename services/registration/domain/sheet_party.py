"""Understands one row of a spreadsheet as a registration in a city. Imports use it."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite, nan
from typing import Literal

from services.registration.domain.checks import MOST_PEOPLE
from services.registration.domain.city import City
from services.registration.domain.civil_time import NoSuchTime, NotATime, Span, read_moment
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Registration
from services.registration.domain.sheet import Row
from services.registration.domain.sheet_places import coordinates_in
from services.registration.domain.sheet_times import read_date, read_hours, read_local

_YES = frozenset(("yes", "y", "true", "1", "x", "si", "sí"))
_NO = frozenset(("no", "n", "false", "0", ""))
Fit = Literal["within", "clipped", "missed"]
_NOBODY = frozenset(("none", "no visit", "no_visit", "nobody"))


@dataclass(frozen=True, slots=True)
class SheetParty:
    """A row understood: its key within the city, and how its hours fit the evening.

    `given` are the fields of the registration that the sheet speaks of at all; `revision` is that
    of the party when the sheet was exported, 0 where the sheet does not say.
    """

    line: int
    key: str
    asked: Registration
    fit: Fit
    given: frozenset[str] = frozenset()
    revision: int = 0


def key_of(row: Row) -> str:
    """The sheet's own reference, else a fingerprint of where, when and what."""
    reference = row.values.get("reference")
    if reference:
        return f"ref {reference[:200]}"
    names = ("address", "starts_at", "ends_at", "name", "date", "hours")
    parts = (row.values.get(name, "") for name in names if name in row.values or name in names[:4])
    return f"row {hashlib.sha256(chr(31).join(parts).encode('utf-8', 'replace')).hexdigest()[:32]}"


def party_in(row: Row, city: City, columns: Collection[str] = ()) -> SheetParty:
    """The party in a row of a sheet with these columns; raises `Rejected` with all complaints."""
    reading = _RowReading(row, city)
    values = row.values
    span, fit = reading.span()
    lat, lon = reading.place()
    kinds = reading.kinds()
    address = values.get("address", "")
    asked = Registration(
        name=values.get("name") or f"Block party, {address.partition(',')[0]}"[:200],
        address=address,
        starts_at=span.opens.isoformat(),
        ends_at=span.closes.isoformat(),
        host_name=values.get("host_name", ""),
        phone=values.get("phone", ""),
        email=values.get("email", ""),
        language=values.get("language", "").lower(),
        sms_consent=reading.truth("sms_consent"),
        location_notes=values.get("location_notes", ""),
        lat=lat,
        lon=lon,
        area=reading.area(),
        people=reading.people("people"),
        children=reading.people("children"),
        wanted=kinds,
        materials=reading.materials(),
        no_visit=reading.truth("no_visit") or reading.wants_nobody(),
        closure=reading.truth("closure"),
        rain_plan=values.get("rain_plan", ""),
        public=reading.truth("public"),
    )
    revision = reading.revision()
    if reading.complaints:
        raise Rejected(*reading.complaints)
    return SheetParty(row.line, key_of(row), asked, fit, _given(row, columns), revision)


_SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "date": ("starts_at", "ends_at"),
    "hours": ("starts_at", "ends_at"),
    "starts_at": ("starts_at", "ends_at"),
    "ends_at": ("starts_at", "ends_at"),
    "lat": ("lat", "lon"),
    "lon": ("lat", "lon"),
    "place": ("lat", "lon"),
    "wanted": ("wanted", "no_visit"),
    "no_visit": ("wanted", "no_visit"),
    "reference": (),
    "revision": (),
}
_ONLY_IF_FILLED = frozenset(
    ("name", "language", "area", *("date", "hours", "starts_at", "ends_at"))
)


def _given(row: Row, columns: Collection[str]) -> frozenset[str]:
    """What the sheet speaks of; an empty cell speaks too where empty is something one can mean."""
    spoken = {name for name in columns if name not in _ONLY_IF_FILLED} | row.values.keys()
    return frozenset(field for name in spoken for field in _SPEAKS_OF.get(name, (name,)))


class _RowReading:
    """One row being read; collects complaints."""

    def __init__(self, row: Row, city: City) -> None:
        self.row = row
        self.city = city
        self.complaints: list[Complaint] = []

    def span(self) -> tuple[Span, Fit]:
        """The party's hours: clipped to the evening, or as they are where they miss it."""
        evening, zone = self.city.evening, self.city.zone
        (first, last), day = self._times(), self._day()
        opens = self._moment("starts_at", first, day, self._moved(evening.opens, day))
        closes = self._moment("ends_at", last, day, self._moved(evening.closes, day))
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

    def _moved(self, moment: datetime, day: date) -> datetime:
        """The evening's limit on another day, so that a wrong date is noticed as such."""
        return moment + (day - self.city.day)

    def _times(self) -> tuple[str, str]:
        """The texts of start and end, taken from a cell with both where there is one."""
        values = self.row.values
        opens, closes = values.get("starts_at", ""), values.get("ends_at", "")
        if values.get("hours") and not (opens or closes):
            try:
                return read_hours(values["hours"])
            except NotATime:
                self._complain("hours", "Please write the hours like 6:00-9:00 pm.")
        return opens, closes

    def _day(self) -> date:
        text = self.row.values.get("date")
        if not text:
            return self.city.day
        try:
            return datetime.fromisoformat(read_local(text, self.city.day)).date()
        except NotATime:
            pass
        try:
            return read_date(text, self.city.day)
        except NotATime:
            self._complain("date", "Please write the date like 2027-08-03 or 8/3/2027.")
            return self.city.day

    def _moment(self, name: str, text: str, day: date, default: datetime) -> datetime:
        if not text:
            return default
        try:
            return read_moment(read_local(text, day), day, self.city.zone).moment
        except (NotATime, NoSuchTime, OverflowError) as error:
            self._complain(name, f"{error}.".replace("{", "(").replace("}", ")"))
            return default

    def place(self) -> tuple[float | None, float | None]:
        """Latitude and longitude, from two cells or from one with both."""
        one = self.row.values.get("place", "")
        if one and not (self.row.values.get("lat") or self.row.values.get("lon")):
            degrees = coordinates_in(one)
            if degrees:
                return degrees
            self._complain(
                "place", "Please give coordinates as 34.1394, -118.0812 or a map link with them."
            )
            return None, None
        return self.degrees("lat"), self.degrees("lon")

    def area(self) -> str:
        """The area's code; its name is understood too, anything else is no area."""
        text = self.row.values.get("area", "").casefold()
        names = {area.name.casefold(): area.code for area in self.city.areas}
        codes = {area.code.casefold(): area.code for area in self.city.areas}
        return codes.get(text) or names.get(text, "")

    def revision(self) -> int:
        text = self.row.values.get("revision", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0

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
