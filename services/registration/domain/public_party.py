"""A party as everybody may see it: by its block, without a contact. The public page uses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.registration.domain.city import City
from services.registration.domain.civil_time import Span
from services.registration.domain.forgetting import block_level, spoken_block
from services.registration.domain.geography import Point
from services.registration.domain.party import Party


@dataclass(frozen=True, slots=True)
class PublicParty:
    """What is shown; `block` is '' where the address names none."""

    name: str
    block: str
    area: str
    span: Span
    place: Point | None

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """When it starts and ends."""
        return self.span.opens, self.span.closes


def shown_to_all(city: City, parties: Iterable[Party]) -> list[PublicParty]:
    """The parties of the city's evening whose hosts agreed, by block and name."""
    found = [_public(city, party) for party in parties if _agreed(city, party)]
    return sorted(found, key=lambda p: (p.block == "", p.block, p.name))


def _agreed(city: City, party: Party) -> bool:
    on_the_day = party.details.span.opens.astimezone(city.zone).date() == city.day
    return party.details.public and not party.is_withdrawn and on_the_day


def _public(city: City, party: Party) -> PublicParty:
    details = party.details
    area = details.area if details.area in city.area_codes() else ""
    place = block_level(details.place) if details.place else None
    return PublicParty(details.name, spoken_block(details.address), area, details.span, place)
