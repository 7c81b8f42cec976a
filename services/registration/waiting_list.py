"""The worker's round over cities with a cap: gives free places to those who wait for one."""

from dataclasses import dataclass
from typing import Any

from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.domain.checks import ContactReader
from services.registration.handlers.waiting import admit_waiting
from services.registration.ports import LinkMaker, Means, PartyBook
from shared.clock import Clock
from shared.db import Pool
from shared.work import begin

_WAITED_FOR = """
select distinct city from parties
where state = 'registered' and coalesce((document -> 'waiting')::boolean, false)
"""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Everything that admitting needs; one for each worker."""

    pool: Pool
    clock: Clock
    cities: CityMemory
    links: LinkMaker
    contacts: ContactReader

    def admit(self) -> int:
        """Give away the places that are free; how many."""
        return sum(self._admit(city) for city in self._with_a_line())

    def _with_a_line(self) -> list[str]:
        with self.pool.connection() as conn:
            rows: list[Any] = conn.execute(_WAITED_FOR).fetchall()
        return [slug for (slug,) in rows]

    def _admit(self, slug: str) -> int:
        city = self.cities.find(slug)
        if city is None:
            return 0
        with begin(self.pool, self.clock) as work:
            book = PostgresPartyBook(work.conn)
            means: Means[PartyBook] = Means(book, work, self.contacts, self.links, work.now)
            return len(admit_waiting(city, means))
