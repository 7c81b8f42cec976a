"""One transaction for one request of the roster's edge. Only the modules beside it use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.dispatch.adapters.postgres_imports import PostgresImports
from services.dispatch.adapters.postgres_plans import PostgresPlans
from services.dispatch.adapters.postgres_rosters import PostgresRosters
from services.dispatch.adapters.roster_desk import roster_desk
from services.dispatch.domain.evening import City, Evening
from services.dispatch.domain.roster.merging import SORTS
from services.dispatch.domain.roster.values import Change, Person, Roster, What
from services.dispatch.rostering import Desk, Unknown
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.work import begin


@dataclass(frozen=True, slots=True)
class Seen:
    """A city with its roster and its evening, read at one moment; its newest changes."""

    city: City
    roster: Roster
    evening: Evening
    changes: tuple[Change, ...]


def sort_of(text: str) -> What:
    """The sort of entries that an address names; raises `Unknown`."""
    for what in SORTS:
        if what == text:
            return what
    raise Unknown("There is no such page.")


class Opener:
    """Opens transactions on a pool; threads may share it."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    @contextmanager
    def desk(self) -> Iterator[tuple[Desk, PostgresImports]]:
        """What a change needs; it commits at the end."""
        actor = current_actor()
        with begin(self._pool, self._clock) as work:
            name = actor.name if actor.id else "somebody"
            yield roster_desk(work, actor.id, name), PostgresImports(work.conn)

    def note(self, city: str, what: str, object_: str) -> None:
        """Write down that somebody saw contacts."""
        with self._pool.connection() as conn:
            record(conn, what, object_, city=city)

    def reveal(self, city: str, id_: str) -> Person:
        """A person of the roster, contacts and all, which is written down; raises `Unknown`."""
        found = self.see(city, most=1).roster.people.get(id_)
        if found is None:
            raise Unknown("There is no such person.")
        self.note(city, "contact revealed", f"{found.name}, roster")
        return found

    def see(self, city: str, *, most: int = 12) -> Seen:
        """The city as it now is; raises `Unknown`."""
        with self._pool.connection() as conn:
            conn.execute("set transaction isolation level repeatable read, read only")
            rosters = PostgresRosters(conn)
            found, evening = rosters.read(city), PostgresPlans(conn).evening(city)
            if found is None or evening is None:
                raise Unknown(f"There is no city {city!r}.")
            return Seen(*found, evening, tuple(rosters.changes(city, most=most)))
