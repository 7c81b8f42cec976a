"""Puts parties in their place and its parts of the city. Desks and commands call it."""

from dataclasses import replace

from services.registration.domain.checks import too_far
from services.registration.domain.city import City
from services.registration.domain.complaints import Rejected
from services.registration.domain.geography import Point
from services.registration.domain.party import Party, PlacedBy
from services.registration.domain.places import LookedUp, Proposal
from services.registration.handlers.parties import Asker, put_party
from services.registration.handlers.placing import derived, sure_spot
from services.registration.ports import Means, PartyBook


def place_party(
    party: Party,
    place: Point,
    city: City,
    asker: Asker,
    means: Means[PartyBook],
    *,
    placed_by: PlacedBy = "staff",
) -> Party:
    """Put the party where staff found it; raises `Rejected` where that is far from the city."""
    complaint = too_far(place, city)
    if complaint:
        raise Rejected(complaint)
    details = derived(replace(party.details, place=place, placed_by=placed_by), city, means)
    if details == party.details:
        return party
    return put_party(party, replace(party, details=details), asker, means)


def locate_party(
    party: Party, looked: LookedUp, city: City, means: Means[PartyBook]
) -> tuple[Party, Proposal | None]:
    """Put the party where its address surely is, and say where; nobody's pin is ever moved."""
    if party.details.place or party.is_withdrawn:
        return party, None
    found = sure_spot(party.details.area, looked, city, means)
    if found is None:
        return party, None
    asker = Asker("geocoder")
    return place_party(party, found.point, city, asker, means, placed_by="geocoder"), found


def derive_party(party: Party, city: City, means: Means[PartyBook]) -> Party:
    """Bring the party's parts of the city up to the outlines; who changed it last stays so."""
    details = derived(party.details, city, means)
    if details == party.details or party.is_withdrawn:
        return party
    after = replace(party, details=details)
    return put_party(party, after, Asker(party.changed_by), means)
