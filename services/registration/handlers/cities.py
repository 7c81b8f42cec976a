"""Adds or updates a city from its file. The command line calls it."""

from datetime import datetime
from typing import Literal

from services.registration.domain.city import City
from services.registration.handlers.facts import city_fact
from services.registration.ports import CityBook
from shared.ports import Publisher

Outcome = Literal["added", "updated", "unchanged"]


def configure_city(
    city: City, source: str, book: CityBook, publisher: Publisher, now: datetime
) -> Outcome:
    """Keep the city's settings and say so, unless they are what is kept already."""
    known = book.find(city.slug)
    if known and known[0] == city:
        return "unchanged"
    revision = known[1] + 1 if known else 1
    book.keep(city, source, revision, now)
    publisher.publish(city_fact(city, now), city=city.slug, subject=city.slug, revision=revision)
    return "updated" if known else "added"
