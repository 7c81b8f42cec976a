"""Where a party is, who said so, and in which parts of the city that lies. Handlers use it."""

from dataclasses import replace
from typing import Any

from services.registration.domain.city import City
from services.registration.domain.party import Actor, Details, PlacedBy
from services.registration.ports import Means

_PINS: tuple[PlacedBy, ...] = ("host", "staff")


def placed(
    details: Details,
    before: Details | None,
    placed_by: PlacedBy,
    city: City,
    actor: Actor,
    means: Means[Any],
) -> Details:
    """The details with who placed the party and what that place lies in.

    A list that is imported again does not move a pin that somebody dropped, unless the address
    itself changed.
    """
    if before and actor == "import" and before.placed_by in _PINS:
        same = details.address.casefold() == before.address.casefold()
        if same:
            details = replace(details, place=before.place)
    if before and details.place == before.place and placed_by in ("", "geocoder"):
        placed_by = before.placed_by
    by: PlacedBy = (placed_by or actor) if details.place else ""
    return derived(replace(details, placed_by=by), city, means)


def derived(details: Details, city: City, means: Means[Any]) -> Details:
    """The details with the area, beat and district of their place.

    Where the place lies in a known area, that is the area, whatever the host chose: coverage is
    counted by it. What no outline tells stays as it was chosen.
    """
    if details.place is None:
        return replace(details, beat="", district="")
    around = means.outlines.around(city.slug, details.place)
    area = around.area if around.area in city.area_codes() else details.area
    return replace(details, area=area, beat=around.beat, district=around.district)
