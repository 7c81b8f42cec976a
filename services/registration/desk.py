"""The front desk: runs one handler in one transaction. API and pages go through it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from psycopg.errors import UniqueViolation

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.door import Door
from services.registration.adapters.entry import Entry
from services.registration.adapters.links import Links, Opened
from services.registration.adapters.postgres_answers import Key, answer_given, keep_answer
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_confirmed import (
    confirmed_in,
    is_confirmed,
    note_confirmed,
)
from services.registration.adapters.postgres_heard import (
    Message,
    Plan,
    Visit,
    messages_of,
    plan_of,
    visit_of,
)
from services.registration.adapters.postgres_link_requests import renewed_until
from services.registration.adapters.postgres_live import LiveVisit, Night, live_of, night_of
from services.registration.adapters.postgres_numbers import Numbers
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.adapters.postgres_purge import forgotten_at
from services.registration.adapters.postgres_replies import Reply, answer_of
from services.registration.domain.city import City
from services.registration.domain.party import Party, Registration
from services.registration.domain.proof import Proof
from services.registration.handlers.parties import Asker, register_party
from services.registration.ports import NO_OUTLINES, Means, Outlines, PartyBook
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.work import Work, begin

_TRIES = 3
Change = Callable[[Party, City, Means[PartyBook]], Party]


class NotFound(LookupError):
    """There is no such city or party; the message may be shown."""


class PartyForgotten(NotFound):
    """What the link led to was removed, as the city's settings say."""

    def __init__(self, city: City, party: Party) -> None:
        super().__init__("What we knew of this party was removed.")
        self.city = city
        self.party = party


class LinkExpired(NotFound):
    """The private link opened a party once, and does so no more."""

    def __init__(self, city: City, party: Party) -> None:
        super().__init__("This link has expired. Please ask for a new one.")
        self.city = city
        self.party = party


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a host's page shows; `line` is the place on the waiting list, or 0."""

    city: City
    party: Party
    visit: Visit | None
    messages: list[Message]
    plan: Plan | None
    live: LiveVisit | None = None
    night: Night | None = None
    answer: Reply | None = None
    line: int = 0
    proof: Proof | None = None


class Desk:
    """Holds what every request needs; one for each process."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        cities: CityMemory,
        contacts: Contacts,
        links: Links,
        outlines: Outlines = NO_OUTLINES,
        door: Door | None = None,
        *,
        numbers: Numbers,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._contacts = contacts
        self._outlines = outlines
        self.cities = cities
        self.links = links
        self.door = door or Door()
        self._numbers = numbers

    def city(self, slug: str) -> City:
        """The city; raises `NotFound`."""
        found = self.cities.find(slug)
        if found is None:
            raise NotFound("There is no such city here.")
        return found

    def register(
        self,
        asked: Registration,
        city: City,
        asker: Asker,
        answer: Callable[[Party], bytes],
        key: Key | None = None,
    ) -> bytes:
        """Register the party and return what `answer` makes of it; once for each key.

        Raises `Rejected`, or `KeyReused` where the key came before with another body.
        """
        for _ in range(_TRIES):
            try:
                return self._register(asked, city, asker, answer, key)
            except UniqueViolation as clash:
                given = self._given(key) if key else None
                if given is not None:
                    return given
                last = clash
        raise last

    def _register(
        self,
        asked: Registration,
        city: City,
        asker: Asker,
        answer: Callable[[Party], bytes],
        key: Key | None,
    ) -> bytes:
        if city.entry.cap or asker.held:
            return self._register_in_turn(asked, city, asker, answer, key)
        entry = Entry(self._clock.now())
        means = Means(entry, entry, self._contacts, self.links, entry.now, self._outlines)
        body = answer(register_party(asked, city, asker, means))
        conn = self._pool.getconn()  # not `with connection()`: one statement needs no commit
        try:
            entry.write(conn, key, body)
        finally:
            self._pool.putconn(conn)
        return body

    def _register_in_turn(
        self,
        asked: Registration,
        city: City,
        asker: Asker,
        answer: Callable[[Party], bytes],
        key: Key | None,
    ) -> bytes:
        """As `_register`, where places are counted or nothing is said: in a whole transaction."""
        with begin(self._pool, self._clock) as work:
            body = answer(register_party(asked, city, asker, self._means(work)))
            if key:
                keep_answer(work.conn, key, body)
        return body

    def change(self, token: str, change: Change, city_slug: str = "") -> tuple[City, Party]:
        """Run `change` on the party that the private link opens; raises `NotFound`."""
        opened = self.links.open(token)
        with begin(self._pool, self._clock) as work:
            means = self._means(work)
            party = means.parties.hold(opened.party_id)
            city = self._admitted(work.conn, opened, party, city_slug)
            assert party
            return city, change(party, city, means)

    def _admitted(
        self, conn: Connection, opened: Opened, party: Party | None, city_slug: str
    ) -> City:
        """The city of the party that the link opens; raises `NotFound` where it opens none."""
        if party is None or city_slug not in ("", party.city):
            raise NotFound("This link does not open a party.")
        if opened.version != party.link_version:
            raise NotFound("This link does not open a party.")
        city, now = self.city(party.city), self._clock.now()
        if now > party.details.span.closes and forgotten_at(conn, party.id):
            raise PartyForgotten(city, party)
        if now > city.entry.links_end(party.details.span.closes):
            renewed = renewed_until(conn, party.id)
            if renewed is None or now > renewed:
                raise LinkExpired(city, party)
        return city

    def standing(self, token: str, city_slug: str = "") -> Standing:
        """What the private link shows; raises `NotFound`."""
        opened = self.links.open(token)
        party_id = opened.party_id
        with self._pool.connection() as conn:
            book = PostgresPartyBook(conn)
            party = book.find(party_id)
            city = self._admitted(conn, opened, party, city_slug)
            assert party
            note_confirmed(conn, party, opened.mark, self._clock.now())
            return Standing(
                city,
                party,
                visit_of(conn, party.city, party_id),
                messages_of(conn, party.city, party_id),
                plan_of(conn, party.city),
                live_of(conn, party.city, party_id),
                night_of(conn, party.city),
                answer_of(conn, party.city, party_id),
                book.place_in_line(party, city) if party.waiting else 0,
                self._numbers.proof_of(conn, party, self._clock.now()),
            )

    def is_full(self, city: City) -> bool:
        """Whether the next party that wants a visit has to wait for a place."""
        cap = city.entry.cap
        if not cap:
            return False
        with self._pool.connection() as conn:
            return PostgresPartyBook(conn).places_taken(city) >= cap

    def now(self) -> datetime:
        """The time by this desk's clock."""
        return self._clock.now()

    def parties(self, city: City, reader: str) -> list[tuple[Party, bool]]:
        """All parties of the city with their hosts' numbers, for its staff; noted as such.

        With each: whether its host has shown that the contact is right.
        """
        with self._pool.connection() as conn:
            record(conn, "all contacts read", "by API", city=city.slug, actor=reader)
            known = confirmed_in(conn, city.slug)
            found = PostgresPartyBook(conn).in_city(city.slug)
            return [(party, is_confirmed(party, known)) for party in found]

    def has_answered(self, key: Key | None) -> bool:
        """Whether a registration came with this key before."""
        return key is not None and self._given(key) is not None

    def _given(self, key: Key) -> bytes | None:
        with self._pool.connection() as conn:
            return answer_given(conn, key)

    def _means(self, work: Work) -> Means[PartyBook]:
        book: PartyBook = PostgresPartyBook(work.conn)
        return Means(book, work, self._contacts, self.links, work.now, self._outlines)
