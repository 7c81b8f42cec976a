"""Parties held back for staff to look at: listed, let in, taken out. The pages use it."""

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.postgres_held import held_in
from services.registration.adapters.postgres_history import sign
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.desk import NotFound
from services.registration.domain.party import Party
from services.registration.handlers.parties import Asker, release_party, withdraw_party
from services.registration.ports import Means, PartyBook
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.work import begin

STAFF = Asker("staff")


class HeldDesk:
    """One for each process."""

    def __init__(self, pool: Pool, clock: Clock, links: Links, contacts: Contacts) -> None:
        self._pool = pool
        self._clock = clock
        self._links = links
        self._contacts = contacts

    def waiting(self, city: str) -> list[Party]:
        """Those of the city that wait to be looked at, oldest first."""
        with self._pool.connection() as conn:
            return held_in(conn, city)

    def release(self, city: str, party_id: str, person: str) -> Party:
        """Let the party in; raises `NotFound`."""
        return self._change(city, party_id, person, release=True)

    def withdraw(self, city: str, party_id: str, person: str) -> Party:
        """Take the party out; its host can undo that for a day. Raises `NotFound`."""
        return self._change(city, party_id, person, release=False)

    def _change(self, city: str, party_id: str, person: str, *, release: bool) -> Party:
        with begin(self._pool, self._clock) as work:
            book: PartyBook = PostgresPartyBook(work.conn)
            means = Means(book, work, self._contacts, self._links, work.now)
            party = book.hold(party_id)
            if party is None or party.city != city:
                raise NotFound("There is no such party in this city.")
            after = (release_party if release else withdraw_party)(party, STAFF, means)
            if after is not party:
                sign(work.conn, after, person, "")
                what = "held party let in" if release else "held party withdrawn"
                record(work.conn, what, f"{party.code}, {party.held}", city=city)
            return after
