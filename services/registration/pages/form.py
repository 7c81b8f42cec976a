"""The registration form's values: shown, read back, kept on error. Only the pages use it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from werkzeug.datastructures import MultiDict

from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Details, Registration

_STEP = timedelta(minutes=15)
_TEXTS = [
    "name",
    "address",
    "location_notes",
    "area",
    "starts_at",
    "ends_at",
    "host_name",
    "phone",
    "email",
    "language",
]
_ORDER = (
    *_TEXTS[:6],
    *("lat", "lon", "people", "children", "wanted", "no_visit", "materials"),
    *_TEXTS[6:],
    "sms_consent",
)
_LISTS = ("wanted", "materials")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is shown: values by field, and the sentences about them."""

    values: Mapping[str, str]
    wanted: frozenset[str] = frozenset()
    materials: frozenset[str] = frozenset()
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def ticked(self, name: str) -> bool:
        """Whether the box is ticked."""
        return bool(self.values.get(name))

    def summary(self) -> Iterator[tuple[str, str]]:
        """Field and sentence, in the form's order; complaints about no field come first."""
        known = [name for name in _ORDER if name in self.errors]
        strangers = [name for name in self.errors if name not in known]
        return ((name, text) for name in strangers + known for text in self.errors[name])


def empty(city: City, language: str) -> Filled:
    """The form as a newcomer meets it."""
    opens, closes = city.evening.opens, city.evening.closes
    return Filled(
        {
            "starts_at": _option(opens, city),
            "ends_at": _option(closes, city),
            "language": language if language in city.languages else city.languages[0],
        }
    )


def shown(details: Details, city: City) -> Filled:
    """The form filled with what a party now is."""
    host, place = details.host, details.place
    values = {
        "name": details.name,
        "address": details.address,
        "location_notes": details.location_notes,
        "area": details.area,
        "starts_at": _option(details.span.opens, city),
        "ends_at": _option(details.span.closes, city),
        "lat": f"{place.lat}" if place else "",
        "lon": f"{place.lon}" if place else "",
        "people": str(details.people or ""),
        "children": str(details.children or ""),
        "host_name": host.name,
        "phone": host.phone,
        "email": host.email,
        "language": host.language,
        "no_visit": "yes" if details.no_visit else "",
        "sms_consent": "yes" if host.sms_consent else "",
    }
    return Filled(values, frozenset(details.wanted), frozenset(details.materials))


def sent(form: MultiDict[str, str], errors: Mapping[str, Sequence[str]]) -> Filled:
    """The form as it was sent, with what is wrong with it."""
    values = {name: form.get(name, "") for name in _ORDER if name not in _LISTS}
    wanted, materials = (frozenset(form.getlist(name)) for name in _LISTS)
    return Filled(values, wanted, materials, errors)


def asked(form: MultiDict[str, str]) -> Registration:
    """What the form asks for; raises `Rejected` for numbers that are none."""
    complaints: list[Complaint] = []
    registration = Registration(
        **{name: form.get(name, "") for name in _TEXTS},
        sms_consent=bool(form.get("sms_consent")),
        lat=_degrees(form, "lat", complaints),
        lon=_degrees(form, "lon", complaints),
        people=_people(form, "people", complaints),
        children=_people(form, "children", complaints),
        wanted=tuple(form.getlist("wanted")),
        materials=tuple(form.getlist("materials")),
        no_visit=bool(form.get("no_visit")),
        closure=False,
        public=False,
        answers=(),
    )
    if complaints:
        raise Rejected(*complaints)
    return registration


def time_options(city: City) -> list[tuple[str, datetime]]:
    """The evening in quarters of an hour: a form value and the moment that it stands for."""
    moments = []
    moment = city.evening.opens
    while moment <= city.evening.closes:
        moments.append(moment)
        moment += _STEP
    return [(_option(m, city), m) for m in moments]


def _option(moment: datetime, city: City) -> str:
    return moment.astimezone(city.zone).isoformat(timespec="minutes")


def _degrees(form: MultiDict[str, str], name: str, complaints: list[Complaint]) -> float | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not isfinite(found):
        complaints.append(Complaint(name, "Please give degrees as a number, such as 34.1394."))
        return None
    return found


def _people(form: MultiDict[str, str], name: str, complaints: list[Complaint]) -> int:
    text = form.get(name, "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    if text:
        complaints.append(Complaint(name, "Please give a number from 0 to 100,000."))
    return 0
