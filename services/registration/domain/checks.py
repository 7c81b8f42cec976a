"""Checks a registration against its city's rules and reads it. The handlers use it.

Every complaint's text is a template of the catalogue in `pages/catalogue`.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from services.registration.domain.city import City
from services.registration.domain.civil_time import NoSuchTime, NotATime, Span, read_moment
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.geography import Point, km_between
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Answers, Details, Host, Registration
from services.registration.domain.questions import Question, complaints_about, fitting

MOST_PEOPLE = 100_000
LENGTHS = {
    "name": 200,
    "address": 300,
    "location_notes": 2000,
    "host_name": 200,
    "phone": 40,
    "email": 320,
    "language": 12,
    "area": 60,
    "starts_at": 40,
    "ends_at": 40,
    "rain_plan": 500,
}
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FORMAT = "%-I:%M %p"


class ContactReader(Protocol):
    """Reads what people type as telephone number or e-mail address."""

    def phone(self, text: str) -> str:
        """The number in E.164; raises `ValueError` for anything that is no number."""
        ...

    def email(self, text: str) -> str:
        """The address, normalised; raises `ValueError` for anything that is none."""
        ...


def understand(
    asked: Registration, city: City, contacts: ContactReader, *, imported: bool = False
) -> Details:
    """The registration as the city understands it; raises `Rejected` with every complaint.

    What is imported from a list may lack a contact and may lie outside the evening.
    """
    reading = _Reading(asked, city, contacts, imported)
    details = reading.details()
    if reading.complaints:
        raise Rejected(*reading.complaints)
    return details


def too_far(place: Point, city: City) -> Complaint | None:
    """What is to be said of a place that cannot be in the city, if anything."""
    if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
        return Complaint("lat", "Latitude goes from -90 to 90, longitude from -180 to 180.")
    distance = km_between(place, city.kick_off.place)
    if distance <= city.radius_km:
        return None
    text = "That is {km} km from {city}. Please check latitude and longitude."
    return Complaint("lat", text, {"km": f"{distance:,.0f}", "city": city.name})


class _Reading:
    """One registration being read; collects complaints instead of stopping at the first."""

    def __init__(
        self, asked: Registration, city: City, contacts: ContactReader, imported: bool
    ) -> None:
        self.imported = imported
        self.asked = asked
        self.city = city
        self.contacts = contacts
        self.complaints: list[Complaint] = []

    def details(self) -> Details:
        asked = self.asked
        self._check_choices()
        return Details(
            name=self._text("name", asked.name, needed="Please give the party a name."),
            address=self._text("address", asked.address, needed="Please give an address."),
            location_notes=self._text("location_notes", asked.location_notes),
            place=self._place(),
            area=asked.area,
            span=self._span(),
            people=self._count("people", asked.people),
            children=self._count("children", asked.children),
            wanted=tuple(dict.fromkeys(asked.wanted)),
            no_visit=asked.no_visit,
            host=self._host(),
            materials=tuple(code for code in MATERIALS if code in asked.materials),
            closure=asked.closure,
            rain_plan=self._text("rain_plan", asked.rain_plan),
            public=asked.public,
            answers=self._answers(),
        )

    def _complain(self, field: str, text: str, **values: object) -> None:
        self.complaints.append(Complaint(field, text, values))

    def _text(self, field: str, value: str, needed: str = "") -> str:
        if _UNSHOWABLE.search(value):
            self._complain(field, "This holds a character that cannot be stored.")
            return ""
        clean = value.strip()
        if len(clean) > LENGTHS[field]:
            self._complain(field, "Please use at most {most} characters.", most=LENGTHS[field])
            return ""
        if needed and not clean:
            self._complain(field, needed)
        return clean

    def _count(self, field: str, value: int) -> int:
        if not 0 <= value <= MOST_PEOPLE:
            self._complain(field, "Please give a number from 0 to 100,000.")
        return value

    def _check_choices(self) -> None:
        asked, city = self.asked, self.city
        for _ in self._strangers():
            self._complain(
                "wanted",
                "Please choose from these kinds of visitors: {codes}.",
                codes=", ".join(kind.code for kind in city.visitor_kinds),
            )
            break
        if not set(asked.materials) <= MATERIALS.keys():
            self._complain(
                "materials",
                "Please choose from these materials: {codes}.",
                codes=", ".join(MATERIALS),
            )
        if asked.no_visit and asked.wanted:
            self._complain("no_visit", "Please choose either visitors or no visit, not both.")
        if asked.area and asked.area not in city.area_codes():
            self._complain("area", "Please choose one of the areas of {city}.", city=city.name)

    def _answers(self) -> Answers:
        questions, given = self.city.entry.questions, self.asked.answers
        if not questions:
            return ()
        wrong = list(complaints_about(questions, given, needed=not self.imported))
        strange = [question for question in questions if _UNSHOWABLE.search(_of(given, question))]
        self.complaints += wrong
        for question in strange:
            self._complain(question.field, "This holds a character that cannot be stored.")
        return () if wrong or strange else fitting(questions, given)

    def _strangers(self) -> Iterator[str]:
        known = self.city.kind_codes()
        return (code for code in self.asked.wanted if code not in known)

    def _place(self) -> Point | None:
        lat, lon = self.asked.lat, self.asked.lon
        if lat is None and lon is None:
            return None
        if lat is None or lon is None:
            self._complain(
                "lat" if lat is None else "lon", "Please give latitude and longitude, or neither."
            )
            return None
        return self._near(lat, lon)

    def _near(self, lat: float, lon: float) -> Point:
        point = Point(lat, lon)
        complaint = too_far(point, self.city)
        if complaint:
            self.complaints.append(complaint)
        return point

    def _span(self) -> Span:
        opens = self._moment("starts_at", self.asked.starts_at)
        closes = self._moment("ends_at", self.asked.ends_at)
        if opens is None or closes is None:
            return self.city.evening
        if closes <= opens:
            self._complain("ends_at", "The end must be later than the start.")
        return Span(opens, closes)

    def _moment(self, field: str, text: str) -> datetime | None:
        city = self.city
        try:
            moment = read_moment(text, city.day, city.zone).moment
        except NotATime:
            self._complain(field, "Please give a time like 18:00.")
            return None
        except NoSuchTime:
            self._complain(field, "The clocks skip this time on that date; please choose another.")
            return None
        if not self.imported and not city.evening.holds(moment):
            self._complain(
                field,
                "Parties in {city} run from {opens} to {closes} on {date}.",
                city=city.name,
                opens=city.evening.opens.astimezone(city.zone).strftime(_FORMAT),
                closes=city.evening.closes.astimezone(city.zone).strftime(_FORMAT),
                date=city.day.isoformat(),
            )
        return moment

    def _host(self) -> Host:
        asked = self.asked
        needed = "" if self.imported else "Please give your name."
        phone, email = self._phone(), self._email()
        if not self.imported and not (asked.phone.strip() or asked.email.strip()):
            self._complain(
                "phone", "Please give a phone number or an e-mail address, so that we can answer."
            )
        if asked.sms_consent and not asked.phone.strip():
            self._complain("sms_consent", "Please give a phone number to get text messages.")
        return Host(
            name=self._text("host_name", asked.host_name, needed),
            phone=phone,
            email=email,
            language=self._language(),
            sms_consent=asked.sms_consent,
        )

    def _phone(self) -> str:
        text = self._text("phone", self.asked.phone)
        try:
            return self.contacts.phone(text) if text else ""
        except ValueError:
            self._complain("phone", "Please give a full phone number, such as (626) 555-0123.")
            return ""

    def _email(self) -> str:
        text = self._text("email", self.asked.email)
        try:
            return self.contacts.email(text) if text else ""
        except ValueError:
            self._complain("email", "Please give a full e-mail address, such as ana@example.org.")
            return ""

    def _language(self) -> str:
        language = self.asked.language or self.city.languages[0]
        if language not in self.city.languages:
            self._complain(
                "language",
                "Please choose one of these languages: {codes}.",
                codes=", ".join(self.city.languages),
            )
        return language


def _of(answers: Answers, question: Question) -> str:
    return dict(answers).get(question.code, "")
