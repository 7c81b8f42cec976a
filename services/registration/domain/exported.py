"""What an export says of each party: columns, cells, properties. Exports use it.

The open data hold nothing from which a person or a house can be found.
"""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from services.registration.domain.blocks import block_of
from services.registration.domain.party import Party

Cell = str | int | float
COLUMNS = (
    *("code", "state", "reference", "revision", "name", "address", "location_notes"),
    *("lat", "lon", "area", "beat", "district", "starts_at", "ends_at", "people", "children"),
    *("wanted", "materials", "no_visit", "closure", "closure_state", "rain_plan", "public"),
    *("host_name", "phone", "email", "language", "sms_consent"),
)
OPEN_COLUMNS: Mapping[str, str] = {
    "block": "hundred-block or intersection, empty where the address names none",
    "area": "the city's area",
    "district": "council district or the like",
    "starts": "start, in the city's time with its offset from UTC",
    "ends": "end, likewise",
    "people": "people expected, rounded up to tens",
    "wanted": "kinds of visitors asked for",
    "lat": "latitude, to about a hundred metres",
    "lon": "longitude, likewise",
}
_TENS = 10
_PRECISION = 3


def cells_of(party: Party, zone: ZoneInfo) -> list[Cell]:
    """A party's cells under `COLUMNS`; an import of them changes nothing."""
    details, host, place = party.details, party.details.host, party.details.place
    return [
        *(party.code, party.state, party.id, party.revision),
        *(details.name, details.address, details.location_notes),
        *((place.lat, place.lon) if place else ("", "")),
        *(details.area, details.beat, details.district),
        _local(details.span.opens.astimezone(zone).isoformat()),
        _local(details.span.closes.astimezone(zone).isoformat()),
        *(details.people, details.children),
        *(";".join(details.wanted), ";".join(details.materials), _yes(details.no_visit)),
        *(_yes(details.closure), party.closure_state, details.rain_plan, _yes(details.public)),
        *(host.name, host.phone, host.email, host.language, _yes(host.sms_consent)),
    ]


def is_open(party: Party) -> bool:
    """Whether the party may be in the open data: its host agreed, and it takes place."""
    return party.details.public and not party.is_withdrawn


def open_cells_of(party: Party, zone: ZoneInfo) -> list[Cell]:
    """A party's cells under `OPEN_COLUMNS`."""
    details, place = party.details, party.details.place
    return [
        *(public_block(details.address), details.area, details.district),
        details.span.opens.astimezone(zone).isoformat(timespec="minutes"),
        details.span.closes.astimezone(zone).isoformat(timespec="minutes"),
        -(-details.people // _TENS) * _TENS,
        ";".join(details.wanted),
        *((round(place.lat, _PRECISION), round(place.lon, _PRECISION)) if place else ("", "")),
    ]


def public_block(address: str) -> str:
    """The block of an address, such as 400 block of N Maple St; empty where it names none."""
    block = block_of(address)
    number, _, street = block.partition(" ")
    if number.isdigit() and street and " & " not in block:
        return f"{number} block of {_titled(street)}"
    return _titled(block)


def _titled(street: str) -> str:
    short = {"n", "s", "e", "w", "ne", "nw", "se", "sw"}
    words = (w.upper() if w in short else w[:1].upper() + w[1:] for w in street.split(" "))
    return " ".join(words)


def _local(text: str) -> str:
    """The time without seconds where there are none."""
    return re.sub(r"(T\d\d:\d\d):00(?=[+-]\d\d:\d\d$)", r"\1", text)


def _yes(true: bool) -> str:
    return "yes" if true else "no"
