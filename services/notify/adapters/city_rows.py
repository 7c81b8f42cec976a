"""Cities and parties from rows whose columns `book_sql` names. Other adapters use it."""

from collections.abc import Sequence
from typing import Any

from services.notify.adapters.voices import voice_of
from services.notify.domain.values import City, Named, Party

CITY_WIDTH = 12
"""How many columns `book_sql.CITY` has."""


def city_in(row: Sequence[Any]) -> City:
    """The city in the first columns of a row, as `book_sql.CITY` names them."""
    kinds, areas = (tuple(Named(**one) for one in found) for found in row[9:11])
    columns = (*row[:9], kinds, areas, voice_of(row[11]))
    return City(*columns)


def party_in(row: Sequence[Any]) -> Party:
    """The party in the columns after the city's, as `book_sql.PARTY` names them."""
    return Party(*row[CITY_WIDTH:27])
