"""Takes personal data out of parties whose evening is long over. The purge desk uses it."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from services.registration.domain.blocks import block_of
from services.registration.domain.geography import Point
from services.registration.domain.keeping import Group, Retention
from services.registration.domain.party import Host, Party

_DEGREES = 3
"""Decimals of a degree that are left: about a hundred metres, a block."""


def due(retention: Retention, party: Party, zone: ZoneInfo, today: date) -> frozenset[Group]:
    """The groups whose days are over for this party."""
    evening = party.details.span.opens.astimezone(zone).date()
    return frozenset(
        group for group, days in retention.days() if today > evening + timedelta(days=days)
    )


def forget(party: Party, groups: frozenset[Group]) -> Party:
    """The party without what these groups hold; what it counts for in statistics stays."""
    details, consent = party.details, party.consent
    if "contacts" in groups:
        details = replace(details, host=Host("", "", "", details.host.language, False))
        consent = None
    if "addresses" in groups:
        block = spoken_block(details.address)
        place = block_level(details.place) if details.place else None
        details = replace(details, name=block, address=block, place=place)
    if "notes" in groups:
        details = replace(details, location_notes="", rain_plan="", answers=())
    return replace(party, details=details, consent=consent)


def block_level(point: Point) -> Point:
    """The point as coarse as a block."""
    return Point(round(point.lat, _DEGREES), round(point.lon, _DEGREES))


def spoken_block(address: str) -> str:
    """The block or corner as people write it, without a house number; '' where there is none.

    What is such a block already stays one, so that forgetting twice changes nothing.
    """
    block = block_of(address)
    if "&" in block:
        return " & ".join(_titled(street) for street in block.split(" & "))
    number, _, street = block.partition(" ")
    return f"{number} block of {_titled(street)}" if street else ""


def _titled(street: str) -> str:
    return " ".join(
        word.upper() if len(word) < 3 and word in _DIRECTIONS else word.capitalize()
        for word in street.split()
    )


_DIRECTIONS = frozenset({"n", "s", "e", "w", "ne", "nw", "se", "sw"})
