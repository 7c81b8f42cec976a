"""Adds or updates a city from its file or its settings page. Command line and pages call it."""

from datetime import datetime
from typing import Literal

from services.registration.domain.city import City
from services.registration.domain.city_change import FROM_FILE, Author
from services.registration.handlers.facts import city_fact
from services.registration.ports import CityBook
from shared.ports import Publisher

Outcome = Literal["added", "updated", "unchanged"]


class EditedOnPage(ValueError):
    """A file would undo what somebody set on the settings page; the message says who and when."""


class SettingsMoved(ValueError):
    """The settings are not any more those that the person saw."""


def configure_city(
    city: City,
    source: str,
    book: CityBook,
    publisher: Publisher,
    now: datetime,
    *,
    over_page: bool = False,
) -> Outcome:
    """Keep the settings of a file and say so, unless they are what is kept already.

    Raises `EditedOnPage` where the page was used last, unless `over_page`.
    """
    known = book.find(city.slug)
    if known and known[0] == city:
        return "unchanged"
    last = book.last_author(city.slug)
    if last and last.way != FROM_FILE.way and not over_page:
        raise EditedOnPage(
            f"{city.slug} was changed on its settings page by {last.name} since a file was last"
            " added. Nothing was changed."
        )
    revision = known[1] + 1 if known else 1
    book.keep(city, source, revision, now, FROM_FILE)
    _say(city, publisher, now, revision)
    return "updated" if known else "added"


def revise_city(
    city: City,
    source: str,
    seen: int,
    author: Author,
    book: CityBook,
    publisher: Publisher,
    now: datetime,
) -> int:
    """Put the text in place of the one of revision `seen`; returns the new revision.

    Remarks are kept though no other service hears of them. Raises `SettingsMoved`.
    """
    known = book.find(city.slug)
    if known is None or known[1] != seen:
        raise SettingsMoved("The settings were changed meanwhile.")
    before, revision = known
    book.keep(city, source, revision + 1, now, author)
    if city_fact(before, now) != city_fact(city, now):
        _say(city, publisher, now, revision + 1)
    return revision + 1


def _say(city: City, publisher: Publisher, now: datetime, revision: int) -> None:
    fact = city_fact(city, now)
    publisher.publish(fact, city=city.slug, subject=city.slug, revision=revision)
