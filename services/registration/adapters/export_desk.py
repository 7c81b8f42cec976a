"""What people take out of the book of parties, each noted in the audit log. Edges use it."""

from collections.abc import Callable, Iterator

from services.registration.adapters.exports import parties_by_id, public_parties
from services.registration.adapters.postgres_lists import Scope, count_of, ids_of
from services.registration.domain.city import City
from services.registration.domain.listing import Listing
from services.registration.domain.party import Party
from shared.audit import record
from shared.db import Connection, Pool

Scoped = Callable[[Connection, City, Listing], Scope]


def plain_scope(_: Connection, city: City, __: Listing) -> Scope:
    """A scope for what needs no more than the city's own rules."""
    return Scope(city.slug, city.entry.deadline)


class ExportDesk:
    """Holds what every export needs."""

    def __init__(self, pool: Pool, scoped: Scoped = plain_scope) -> None:
        self._pool = pool
        self._scoped = scoped

    def count(self, city: City, listing: Listing) -> int:
        """How many parties fit the list's filter."""
        with self._pool.connection() as conn:
            return count_of(conn, listing, self._scoped(conn, city, listing))

    def parties(self, city: City, listing: Listing, form: str) -> Iterator[Party]:
        """The parties that fit, with their hosts' numbers; noted before the first is handed out."""
        with self._pool.connection() as conn:
            ids = ids_of(conn, listing, self._scoped(conn, city, listing))
            chosen = ", ".join(f"{name}: {text}" for name, text in listing.filters.items())
            what = f"{len(ids)} as {form}" + (f" ({chosen})" if chosen else "")
            record(conn, "contacts exported", what, city=city.slug)
        return self._read(ids)

    def _read(self, ids: list[str]) -> Iterator[Party]:
        with self._pool.connection() as conn:
            yield from parties_by_id(conn, ids)

    def public(self, city: City) -> list[Party]:
        """The parties of the open data."""
        with self._pool.connection() as conn:
            return public_parties(conn, city.slug)
