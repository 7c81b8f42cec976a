"""Lists the parties of a city that nobody has put on the map yet. The staff's page uses it."""

from dataclasses import dataclass

from services.registration.adapters.party_document import read
from services.registration.adapters.postgres_look_ups import proposals_of
from services.registration.domain.party import Party
from services.registration.domain.places import Proposal
from shared.db import Pool

_WHERE = "city = %s and state = 'registered' and document #> '{details,place}' = 'null'"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A party without a place; `proposals` is None while its address is not looked up yet."""

    party: Party
    proposals: list[Proposal] | None


def unplaced(pool: Pool, city: str, most: int) -> tuple[list[Unplaced], int]:
    """The first of them, and how many there are."""
    with pool.connection() as conn:
        rows = conn.execute(
            f"select document from parties where {_WHERE} order by id limit %s", (city, most)
        ).fetchall()
        count = conn.execute(f"select count(*) from parties where {_WHERE}", (city,)).fetchone()
        parties = [read(document) for (document,) in rows]
        proposals = proposals_of(conn, parties)
    found = [Unplaced(party, proposals.get(party.id)) for party in parties]
    return found, int(str(count[0])) if count else 0
