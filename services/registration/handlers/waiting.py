"""Gives places that became free to those who wait. The worker's round calls it."""

from services.registration.domain.city import City
from services.registration.domain.party import Party
from services.registration.handlers.parties import Asker, admit_party, is_full
from services.registration.ports import Means, PartyBook


def admit_waiting(city: City, means: Means[PartyBook], most: int = 100) -> list[Party]:
    """Admit the longest waiting parties while there is a place; their hosts are told of a visit.

    A city without a cap, or with a higher one than before, admits everybody that it can.
    """
    admitted: list[Party] = []
    while len(admitted) < most and not is_full(city, means):
        party = means.parties.hold_next_waiting(city)
        if party is None:
            break
        admitted.append(admit_party(party, Asker("staff"), means))
    return admitted
