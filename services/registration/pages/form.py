"""The registration form's values: shown, read back, kept on error. Only the pages use it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from werkzeug.datastructures import MultiDict

from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Details, Registration
from services.registration.domain.questions import field_of

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
    "rain_plan",
]
_BEFORE = (
    *_TEXTS[:6],
    *("spot", "lat", "lon", "placed_by", "placed_for"),
    *_TEXTS[6:10],
    "sms_consent",
)
_AFTER = (
    *("people", "children", "wanted", "no_visit", "materials", "closure", "rain_plan", "public"),
)
"""The fields in the form's order; the city's own questions come between these two."""
_ORDER = (*_BEFORE, *_AFTER)
_LISTS = ("wanted", "materials")
_ANSWER = "answer-"


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
        questions = [name for name in self.errors if is_answer(name)]
        known = [name for name in (*_BEFORE, *questions, *_AFTER) if name in self.errors]
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
        "placed_by": details.placed_by,
        "placed_for": details.address,
        "people": str(details.people or ""),
        "children": str(details.children or ""),
        "host_name": host.name,
        "phone": host.phone,
        "email": host.email,
        "language": host.language,
        "no_visit": "yes" if details.no_visit else "",
        "sms_consent": "yes" if host.sms_consent else "",
        "closure": "yes" if details.closure else "",
        "rain_plan": details.rain_plan,
        "public": "yes" if details.public else "",
    } | {field_of(code): answer for code, answer in details.answers}
    return Filled(values, frozenset(details.wanted), frozenset(details.materials))


def again(details: Details, city: City) -> dict[str, list[str]]:
    """An earlier year's answers as values of this year's form: same hours, today's date."""
    filled = shown(details, city)
    hours = {m.astimezone(city.zone).time(): option for option, m in time_options(city)}
    span = (("starts_at", details.span.opens), ("ends_at", details.span.closes))
    times = {name: hours.get(moment.astimezone(city.zone).time()) for name, moment in span}
    values = dict(filled.values)
    usual = empty(city, details.host.language).values
    values |= {name: found or usual[name] for name, found in times.items()}
    lists = {"wanted": sorted(filled.wanted), "materials": sorted(filled.materials)}
    return {name: [text] for name, text in values.items() if text} | lists


def sent(form: MultiDict[str, str], errors: Mapping[str, Sequence[str]]) -> Filled:
    """The form as it was sent, with what is wrong with it."""
    values = {name: form.get(name, "") for name in _ORDER if name not in _LISTS}
    values |= {name: form.get(name, "") for name in form if name.startswith(_ANSWER)}
    wanted, materials = (frozenset(form.getlist(name)) for name in _LISTS)
    return Filled(values, wanted, materials, errors)


def asked(form: MultiDict[str, str]) -> Registration:
    """What the form asks for; raises `Rejected` for numbers that are none."""
    complaints: list[Complaint] = []
    registration = Registration(
        **_texts(form),
        sms_consent=bool(form.get("sms_consent")),
        lat=_degrees(form, "lat", complaints),
        lon=_degrees(form, "lon", complaints),
        people=_people(form, "people", complaints),
        children=_people(form, "children", complaints),
        wanted=tuple(form.getlist("wanted")),
        materials=tuple(form.getlist("materials")),
        no_visit=bool(form.get("no_visit")),
        closure=bool(form.get("closure")),
        public=bool(form.get("public")),
        answers=tuple(_answers(form)),
        placed_by="geocoder" if form.get("placed_by") == "geocoder" else "",
    )
    if complaints:
        raise Rejected(*complaints)
    return registration


def _texts(form: MultiDict[str, str]) -> dict[str, Any]:
    return {name: form.get(name, "") for name in _TEXTS}


def time_options(city: City) -> list[tuple[str, datetime]]:
    """The evening in quarters of an hour: a form value and the moment that it stands for."""
    moments = []
    moment = city.evening.opens
    while moment <= city.evening.closes:
        moments.append(moment)
        moment += _STEP
    return [(_option(m, city), m) for m in moments]


def field_names() -> frozenset[str]:
    """The names of all fields but the city's own questions."""
    return frozenset(_ORDER)


def is_answer(name: str) -> bool:
    """Whether it is the field of one of the city's own questions."""
    return name.startswith(_ANSWER)


def _answers(form: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in form.items():
        if is_answer(name):
            yield name.removeprefix(_ANSWER), text


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
