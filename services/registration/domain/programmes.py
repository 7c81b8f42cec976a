"""Crime-prevention programmes and requests for them, all year. Everything here may use it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.registration.domain.checks import ContactReader
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.materials import MATERIALS

State = Literal["open", "answered", "fulfilled"]
Act = Literal["assign", "answer", "fulfil", "note"]
OFFERED: Mapping[str, str] = {
    "neighborhood_watch": "Neighborhood watch",
    "start_a_watch": "How to start a watch",
    "drug_prevention": "Drug prevention",
    "town_watch": "Town watch",
    "home_safety": "Home safety",
    "meet_officer": "I would like to meet my neighborhood officer",
}
"""What residents may ask for without a party, named in English as the catalogue has it."""
NAMES: Mapping[str, str] = {**MATERIALS, **OFFERED}
LENGTHS = {"name": 200, "phone": 40, "email": 320, "address": 300, "words": 2000}
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a resident asks for, as typed."""

    programmes: tuple[str, ...]
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    area: str = ""
    words: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeRequest:
    """One request in the queue; `party_id` is that of the party whose host asked, or ''.

    `officer` is who was asked to answer, '' for the officer of the area; `note` says how it was
    answered. Every change raises `revision` by one; a party's request that nobody touched has 0.
    """

    id: str
    city: str
    programme: str
    received_at: datetime
    changed_at: datetime
    revision: int = 0
    party_id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    area: str = ""
    words: str = ""
    language: str = ""
    state: State = "open"
    officer: str = ""
    note: str = ""
    changed_by: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def answered_by(self, city: City) -> str:
        """Whose matter it is: who was asked, else the officer of the area, else ''."""
        return self.officer or next((a.officer for a in city.areas if a.code == self.area), "")


def understood(wish: Wish, city: City, contacts: ContactReader) -> Wish:
    """The wish, its contacts normalised; raises `Rejected` with every complaint."""
    complaints = list(_complaints(wish, city))
    phone, email = wish.phone.strip(), wish.email.strip()
    try:
        phone = contacts.phone(phone) if phone else ""
    except ValueError:
        text = "Please give a full phone number, such as (626) 555-0123."
        complaints.append(Complaint("phone", text))
    try:
        email = contacts.email(email) if email else ""
    except ValueError:
        text = "Please give a full e-mail address, such as ana@example.org."
        complaints.append(Complaint("email", text))
    if complaints:
        raise Rejected(*complaints)
    return Wish(
        programmes=tuple(dict.fromkeys(wish.programmes)),
        name=wish.name.strip(),
        phone=phone,
        email=email,
        address=wish.address.strip(),
        area=wish.area,
        words=wish.words.strip(),
        language=wish.language if wish.language in city.languages else city.languages[0],
    )


def _complaints(wish: Wish, city: City) -> Iterator[Complaint]:
    if not wish.programmes or set(wish.programmes) - OFFERED.keys():
        yield Complaint("programmes", "Please choose at least one programme.")
    if not wish.name.strip():
        yield Complaint("name", "Please give your name.")
    if not (wish.phone.strip() or wish.email.strip()):
        text = "Please give a phone number or an e-mail address, so that we can answer."
        yield Complaint("phone", text)
    if wish.area and wish.area not in city.area_codes():
        yield Complaint("area", "Please choose one of the areas of {city}.", {"city": city.name})
    for name, most in LENGTHS.items():
        text = getattr(wish, name)
        if len(text) > most:
            yield Complaint(name, "Please use at most {most} characters.", {"most": most})
        elif _UNSHOWABLE.search(text):
            yield Complaint(name, "This holds a character that cannot be stored.")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the requests for one programme or of one area stand."""

    name: str
    asked: int
    with_party: int
    open: int
    answered: int
    fulfilled: int


def numbers_of(name: str, requests: Iterable[ProgrammeRequest]) -> Numbers:
    """The requests counted."""
    found = list(requests)
    states = [request.state for request in found]
    return Numbers(
        name,
        len(found),
        sum(bool(request.party_id) for request in found),
        *(states.count(state) for state in ("open", "answered", "fulfilled")),
    )
