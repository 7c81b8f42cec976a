"""All parties that a planner's list finds, for its map. The staff's desk uses it."""

from dataclasses import dataclass
from typing import Any

from services.registration.adapters.party_document import read
from services.registration.adapters.postgres_lists import PLACED, VISITED, Scope, conditions
from services.registration.domain.listing import Listing
from services.registration.domain.party import Party
from shared.db import Connection

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Marks:
    """The parties with a place, each with whether a visit is planned; and how many there are."""

    parties: list[tuple[Party, bool]]
    placed: int
    unplaced: int


def marks_of(conn: Connection, listing: Listing, scope: Scope) -> Marks:
    """Every party that fits, whatever its page, up to `MOST`."""
    where, values = conditions(listing, scope)
    counted = f"select count(*) filter (where {PLACED}), count(*) from parties p where {where}"
    counts: Any = conn.execute(counted.encode(), values).fetchone()
    query = f"""
        select p.document, {VISITED} from parties p
        where {where} and {PLACED} order by p.id limit {MOST}
    """
    rows: Any = conn.execute(query.encode(), values).fetchall()
    marks = [(read(document), planned) for document, planned in rows]
    return Marks(marks, counts[0], counts[1] - counts[0])
