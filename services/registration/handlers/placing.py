"""Where a party is, who said so, and in which parts of the city that lies. Handlers use it."""

from dataclasses import replace
from typing import Any

from services.registration.domain.checks import too_far
from services.registration.domain.city import City
from services.registration.domain.party import Actor, Details, PlacedBy
from services.registration.domain.places import LookedUp, Proposal
from services.registration.ports import Means

_PINS: tuple[PlacedBy, ...] = ("host", "staff")
_FOLLOWS: tuple[PlacedBy, ...] = ("geocoder", "import")
"""Places that belong to the address: where that changes, they are no longer known to be right."""


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
    itself changed. An address that was changed without a new pin is looked up.
    """
    pinned = before and before.placed_by in _PINS and _same_address(details, before)
    if before and pinned and actor == "import":
        details, placed_by = replace(details, place=before.place), before.placed_by
    if before and placed_by == "" and _is_open(details, before):
        return _looked_up(details, before, city, means)
    if before and details.place == before.place and placed_by in ("", "geocoder"):
        placed_by = before.placed_by
    by: PlacedBy = (placed_by or actor) if details.place else ""
    return derived(replace(details, placed_by=by), city, means)


def sure_spot(area: str, looked: LookedUp, city: City, means: Means[Any]) -> Proposal | None:
    """The place that may be taken without asking anybody.

    None where the area that was chosen speaks against it, for it lies in another.
    """
    found = looked.sure
    if found is None or too_far(found.point, city):
        return None
    around = means.outlines.around(city.slug, found.point).area
    known = around in city.area_codes() and bool(area)
    return None if known and around != area else found


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


def _same_address(one: Details, other: Details) -> bool:
    return one.address.casefold().split() == other.address.casefold().split()


def _is_open(details: Details, before: Details) -> bool:
    """Whether a changed address leaves open where the party is."""
    if _same_address(details, before):
        return False
    stale = details.place == before.place and before.placed_by in _FOLLOWS
    return details.place is None or stale


def _looked_up(details: Details, before: Details, city: City, means: Means[Any]) -> Details:
    """The details where their new address is; without a place where that is not sure.

    Coordinates of a list stay in a city that has no addresses to look up in.
    """
    if before.placed_by == "import" and details.place and not means.addresses.knows(city):
        return derived(replace(details, placed_by="import"), city, means)
    followed = before.place and means.outlines.around(city.slug, before.place).area
    if followed == details.area == before.area:
        details = replace(details, area="")
    looked = means.addresses.look_up([details.address], city)[0]
    found = sure_spot(details.area, looked, city, means)
    if found is None:
        return derived(replace(details, place=None, placed_by=""), city, means)
    return derived(replace(details, place=found.point, placed_by="geocoder"), city, means)
