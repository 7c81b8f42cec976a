"""Lists the parties of a city that nobody has put on the map yet. The staff's page uses it."""

from services.registration.adapters.party_document import read
from services.registration.domain.party import Party
from shared.db import Pool

_WHERE = "city = %s and state = 'registered' and document #> '{details,place}' = 'null'"


def unplaced(pool: Pool, city: str, most: int) -> tuple[list[Party], int]:
    """The first of them, and how many there are."""
    with pool.connection() as conn:
        rows = conn.execute(
            f"select document from parties where {_WHERE} order by id limit %s", (city, most)
        ).fetchall()
        count = conn.execute(f"select count(*) from parties where {_WHERE}", (city,)).fetchone()
    return [read(document) for (document,) in rows], int(str(count[0])) if count else 0
