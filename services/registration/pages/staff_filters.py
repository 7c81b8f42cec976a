"""The filters of the planner's list with their choices. The staff's list page uses it."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.registration.domain.city import City
from services.registration.domain.listing import Listing
from services.registration.domain.materials import MATERIALS
from services.registration.pages.staff_words import ENGLISH

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in addresses, its label, its choices, and what is chosen."""

    name: str
    label: str
    choices: Choices
    chosen: str

    @property
    def chosen_words(self) -> str:
        """The choice in words."""
        return dict(self.choices).get(self.chosen, self.chosen)


def filters_of(city: City, listing: Listing, beats: list[str]) -> list[Filter]:
    """Every filter that makes sense in the city."""
    areas = tuple((area.code, area.name) for area in city.areas)
    offered: list[tuple[str, str, Choices]] = [
        ("state", "State", (("registered", "registered"), ("withdrawn", "withdrawn"))),
        ("area", "Area", (*areas, ("none", "not known")) if areas else ()),
        ("beat", "Beat", tuple((beat, beat) for beat in beats)),
        ("place", "Location", (("missing", "to be confirmed"), ("known", "known"))),
        ("late", "In time", (("yes", "late"),) if city.entry.deadline else ()),
        (
            "visit",
            "Visit",
            (
                ("planned", "planned"),
                ("not planned", "not planned"),
                ("unwanted", "not wanted"),
                ("waiting", "on the waiting list"),
            ),
        ),
        ("wanted", "Asked for", tuple((kind.code, kind.name) for kind in city.visitor_kinds)),
        (
            "language",
            "Language",
            tuple((code, ENGLISH.name_of(code)) for code in city.languages)
            if len(city.languages) > 1
            else (),
        ),
        ("materials", "Materials", tuple(MATERIALS.items())),
        (
            "closure",
            "Street closure",
            (("wanted", "wanted"), ("granted", "granted"), ("refused", "refused")),
        ),
        ("confirmed", "Confirmed", (("yes", "yes"), ("no", "not held"), ("unknown", "no answer"))),
        (
            "source",
            "Came by",
            (("host", "the form"), ("staff", "phone"), ("import", "a list")),
        ),
        ("note", "Notes", (("yes", "has a note"),)),
        ("doubles", "Doubles", (("yes", "may be a double"),)),
    ]
    address = listing.address()
    return [
        Filter(name, label, choices, address.get(name, ""))
        for name, label, choices in offered
        if choices
    ]


def chosen_words(city: City, listing: Listing) -> Iterator[tuple[str, str]]:
    """What is chosen, label and choice."""
    if listing.q:
        yield "Search", listing.q
    if listing.within:
        yield "Map", "a part of it"
    for each in filters_of(city, listing, [listing.beat]):
        if each.chosen:
            yield each.label, each.chosen_words
