"""Turns what people typed or sent into entries, and complains field by field. Handlers use it.

Every value may come as JSON has it or as one text, as forms and spreadsheets have it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from services.dispatch.domain.evening import Place, VisitorKind
from services.dispatch.domain.roster.clock import (
    LATEST,
    Pause,
    ordered,
    read_clock,
    read_pause,
)
from services.dispatch.domain.roster.languages import read_language
from services.dispatch.domain.roster.values import (
    GROUPS,
    Crew,
    Entry,
    Person,
    Roster,
    Vehicle,
    What,
)

E = TypeVar("E", Person, Vehicle, Crew)
MOST_ITEMS = 60


class FieldsWrong(ValueError):
    """What was given cannot be used; `fields` maps a field to what is wrong with it."""

    def __init__(self, wrong: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name} {said[0]}" for name, said in wrong.items()))
        self.fields = dict(wrong)


class ContactReader(Protocol):
    """Reads how somebody is reached."""

    def phone(self, text: str) -> str:
        """The number in E.164; raises ValueError."""
        ...

    def email(self, text: str) -> str:
        """The address, normalised; raises ValueError."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be named: the city's visitor kinds, the people and vehicles of its roster."""

    kinds: tuple[VisitorKind, ...]
    people: Mapping[str, Person]
    vehicles: Mapping[str, Vehicle]
    contacts: ContactReader

    @classmethod
    def of(cls, roster: Roster, kinds: tuple[VisitorKind, ...], contacts: ContactReader) -> "Terms":
        """What the roster and the city know."""
        return cls(kinds, roster.people, roster.vehicles, contacts)


Reader = Callable[[Any, Terms], Any]


def read_entry(base: E, given: Mapping[str, Any], terms: Terms) -> E:
    """`base` with what is given; raises `FieldsWrong` with every complaint at once."""
    readers = READERS[_what(base)]
    wrong: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in readers:
            wrong[name] = [f"is not known; known are {', '.join(readers)}"]
            continue
        try:
            values[name] = readers[name](value, terms)
        except ValueError as error:
            wrong[name] = [str(error)]
    if not (values.get("name") or base.name or "name" in wrong):
        wrong["name"] = ["is missing"]
    if wrong:
        raise FieldsWrong(wrong)
    made = replace(base, **values)
    return _in_order(made) if isinstance(made, Crew) else made


def fields_of(what: What) -> tuple[str, ...]:
    """The fields that may be given."""
    return tuple(READERS[what])


def plain_fields(entry: Entry) -> dict[str, Any]:
    """What a form shows and an API answers, by field."""
    return {f.name: getattr(entry, f.name) for f in fields(entry) if f.name != "imported"}


def _in_order(crew: Crew) -> Crew:
    """Times past midnight count on: 18:00 to 00:30."""
    closes = crew.closes
    if crew.opens is not None and closes is not None:
        closes = ordered(crew.opens, closes)[1]
    return replace(crew, closes=closes)


def split(value: Any) -> list[str]:
    """The items of a list, or of a text with semicolons, line ends or else commas between them."""
    if isinstance(value, str):
        by = r"[;\n|]" if re.search(r"[;\n|]", value) else r"[,/]"
        return [item.strip() for item in re.split(by, value) if item.strip()]
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of texts")
    if len(value) > MOST_ITEMS:
        raise ValueError(f"must not have more than {MOST_ITEMS} items")
    return [item.strip() for item in value if item.strip()]


def text(most: int, *, required: bool = False) -> Reader:
    """Reads one line of at most so many characters."""

    def read(value: Any, _: Terms) -> str:
        if not isinstance(value, str):
            raise ValueError("must be a text")
        plain = re.sub(r"\s+", " ", value.replace("\x00", "")).strip()
        if required and not plain:
            raise ValueError("is missing")
        if len(plain) > most:
            raise ValueError(f"must have at most {most} characters")
        return plain

    return read


def whole(most: int) -> Reader:
    """Reads a whole number from 0; an empty text is 0."""

    def read(value: Any, _: Terms) -> int:
        found = value
        if isinstance(value, str):
            digits = re.sub(r"\.0+$", "", value.strip()) or "0"
            found = int(digits) if re.fullmatch(r"\d{1,6}", digits) else None
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
            raise ValueError(f"must be a whole number from 0 to {most}")
        return found

    return read


def _group(value: Any, _: Terms) -> str:
    plain = str(value).strip().lower().rstrip("s")
    if plain in GROUPS:
        return plain
    for word, group in _GROUP_WORDS.items():
        if re.search(rf"\b{word}", plain):
            return group
    raise ValueError(f"must be one of {', '.join(GROUPS)}")


_GROUP_WORDS = {
    "(?:police|officer|ofc|patrol|deputy|chief|commander|cmdr)": "officer",
    "(?:sgt|sergeant|lt|lieutenant|cpl|corporal|detective|det)": "officer",
    "(?:fire|engine|paramedic|emt)": "firefighter",
    "(?:volunteer|cadet|explorer|mascot|cert)": "volunteer",
    "(?:mayor|council|elected|official|manager)": "official",
}


def _kinds(value: Any, terms: Terms) -> tuple[str, ...]:
    by_word = {bare(kind.name): kind.code for kind in terms.kinds}
    by_word |= {bare(kind.code): kind.code for kind in terms.kinds}
    found = []
    for item in split(value):
        code = by_word.get(bare(item))
        if code is None:
            known = ", ".join(kind.name for kind in terms.kinds)
            raise ValueError(f"cannot hold “{item[:40]}”; the kinds of this city are {known}")
        found.append(code)
    return _once(found)


def _languages(value: Any, _: Terms) -> tuple[str, ...]:
    return _once(read_language(item) for item in split(value))


def _phone(value: Any, terms: Terms) -> str:
    plain = text(40)(str(value) if isinstance(value, int) else value, terms)
    return terms.contacts.phone(plain) if plain else ""


def _email(value: Any, terms: Terms) -> str:
    plain = text(320)(value, terms)
    return terms.contacts.email(plain) if plain else ""


def _language(value: Any, terms: Terms) -> str:
    plain = text(40)(value, terms)
    return read_language(plain) if plain else ""


def _members(value: Any, terms: Terms) -> tuple[str, ...]:
    strangers = [item for item in split(value) if item not in terms.people]
    if strangers:
        raise ValueError(f"cannot hold “{strangers[0][:40]}”, whom the roster does not have")
    return _once(split(value))


def _vehicle(value: Any, terms: Terms) -> str:
    plain = "" if value is None else str(value).strip()
    if plain and plain not in terms.vehicles:
        raise ValueError("cannot hold a vehicle that the roster does not have")
    return plain


def _place(value: Any, _: Terms) -> Place | None:
    if value is None or value == "":
        return None
    if isinstance(value, Mapping):
        lat, lon = value.get("lat"), value.get("lon")
    else:
        numbers = re.findall(r"-?\d+(?:\.\d+)?", str(value))
        lat, lon = (float(number) for number in numbers) if len(numbers) == 2 else (None, None)
    good = all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in (lat, lon))
    if not good or lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("must be a latitude and a longitude, such as 34.1395, -118.0831")
    return Place(float(lat), float(lon))


def _clock(value: Any, _: Terms) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LATEST:
        return value
    if not isinstance(value, str):
        raise ValueError("must be a time like 5:30 PM or 17:30")
    return read_clock(value)


def _breaks(value: Any, _: Terms) -> tuple[Pause, ...]:
    found = sorted(read_pause(item) for item in split(value))
    if len(found) > 6:
        raise ValueError("must not be more than six")
    for first, second in pairwise(found):
        if second[0] < first[1]:
            raise ValueError("must not overlap")
    return tuple(found)


def _areas(value: Any, _: Terms) -> tuple[str, ...]:
    if any(len(item) > 60 for item in split(value)):
        raise ValueError("must be codes of at most 60 characters")
    return _once(split(value))


def bare(word: str) -> str:
    """Its letters and digits alone, so that "K-9" and "k9" are one word."""
    return re.sub(r"[^a-z0-9]+", "", word.lower())


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _what(entry: Entry) -> What:
    if isinstance(entry, Person):
        return "people"
    return "vehicles" if isinstance(entry, Vehicle) else "teams"


READERS: Mapping[What, Mapping[str, Reader]] = {
    "people": {
        "name": text(120, required=True),
        "group": _group,
        "kinds": _kinds,
        "languages": _languages,
        "call_sign": text(40),
        "phone": _phone,
        "email": _email,
        "message_language": _language,
    },
    "vehicles": {"name": text(80, required=True), "kind": text(60), "seats": whole(99)},
    "teams": {
        "name": text(120, required=True),
        "kinds": _kinds,
        "languages": _languages,
        "members": _members,
        "vehicle": _vehicle,
        "start": _place,
        "start_name": text(120),
        "opens": _clock,
        "closes": _clock,
        "end": _place,
        "end_name": text(120),
        "breaks": _breaks,
        "areas": _areas,
        "most_stops": whole(99),
    },
}
