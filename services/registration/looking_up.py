"""The worker's round over parties without a place: looks their addresses up and places them.

Registrations by the API, staff's entries and lists may come without a place; the rows themselves
are the list of what is to be done. Others' geocoders are waited for here, and by no request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from services.registration.adapters.outlines import OutlineMemory
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_geocoder import OwnAddresses
from services.registration.adapters.postgres_history import sign
from services.registration.adapters.postgres_locks import alone
from services.registration.adapters.postgres_look_ups import (
    Noted,
    forget_look_ups,
    note_look_up,
    to_ask_again,
    to_look_up,
)
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.adapters.web_geocoders import Away, WebGeocoder
from services.registration.domain.checks import ContactReader
from services.registration.domain.party import Party
from services.registration.domain.places import LookedUp, Outcome, ranked
from services.registration.handlers.places import locate_party
from services.registration.ports import LinkMaker, Means, PartyBook
from shared.clock import Clock
from shared.db import Pool
from shared.work import Work, begin

AT_ONCE = 50
ROUND_SECONDS = 5.0
PAUSE = timedelta(minutes=1)
"""How long a geocoder that did not answer is left alone."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """Everything that looking up needs; one for each worker."""

    pool: Pool
    clock: Clock
    cities: CityMemory
    links: LinkMaker
    contacts: ContactReader
    outlines: OutlineMemory
    other: WebGeocoder | None = None

    def go_on(self, seconds: float = ROUND_SECONDS) -> int:
        """Look up for a while, unless another process does; how many parties were placed."""
        until = monotonic() + seconds
        with alone(self.pool, "look-ups", wait=False) as only:
            if not only:
                return 0
            placed = self._ask_own(until)
            return placed + (self._ask_other(self.other, until) if self.other else 0)

    def _ask_own(self, until: float) -> int:
        """Ask the cities' own addresses for every new party; the other geocoder's turn is noted."""
        with self.pool.connection() as conn:
            forget_look_ups(conn, self.clock.now())
        placed, more = 0, True
        while more and monotonic() < until:
            with self.pool.connection() as conn:
                parties = to_look_up(conn, self.clock.now(), AT_ONCE)
                own = OwnAddresses(conn)
                answers = [(party, self._own(own, party)) for party in parties]
            placed += self._keep(answers, ask_other=self.other is not None)
            more = len(parties) == AT_ONCE
        return placed

    def _own(self, own: OwnAddresses, party: Party) -> LookedUp:
        city = self.cities.find(party.city)
        return own.look_up([party.details.address], city)[0] if city else LookedUp()

    def _ask_other(self, other: WebGeocoder, until: float) -> int:
        placed = 0
        while monotonic() < until:
            with self.pool.connection() as conn:
                found = to_ask_again(conn, self.clock.now())
            city = self.cities.find(found[0].city) if found else None
            if found is None or city is None:
                break
            party, known = found
            try:
                more = other.ask(party.details.address, city)
            except Away:
                self._keep([(party, known)], ask_other=True, pause=PAUSE)
                break
            looked = LookedUp(tuple(ranked([*known.proposals, *more])))
            placed += self._keep([(party, looked)], ask_other=False)
        return placed

    def _keep(
        self,
        answers: list[tuple[Party, LookedUp]],
        *,
        ask_other: bool,
        pause: timedelta = timedelta(0),
    ) -> int:
        """Place those whose address is sure, and note what became of all; how many were placed."""
        if not answers:
            return 0
        self.outlines.refresh()
        with begin(self.pool, self.clock) as work:
            again_at = work.now + pause if ask_other else None
            return sum(self._settle(*answer, work, again_at) for answer in answers)

    def _settle(self, seen: Party, looked: LookedUp, work: Work, again_at: datetime | None) -> bool:
        """Place the party if it is still as it was when its address was asked for."""
        book = PostgresPartyBook(work.conn)
        party, city = book.hold(seen.id), self.cities.find(seen.city)
        if party is None or city is None or party.is_withdrawn or party.details.place:
            return False
        if party.details.address != seen.details.address:
            return False
        means: Means[PartyBook] = Means(
            book, work, self.contacts, self.links, work.now, self.outlines
        )
        after, found = locate_party(party, looked, city, means)
        if found:
            # Not what was found: a reason is kept longer than an address may be.
            why = f"Looked up: {found.kind}, {round(found.quality * 100)} %"
            sign(work.conn, after, "", why)
            note_look_up(work.conn, Noted(party, "placed", looked, work.now))
            return True
        outcome: Outcome = "doubtful" if looked.proposals else "unknown"
        note_look_up(work.conn, Noted(party, outcome, looked, work.now, again_at))
        return False
