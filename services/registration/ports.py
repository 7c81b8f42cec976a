"""What registration's handlers need from the outside. Handlers and adapters import it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from services.registration.domain.checks import ContactReader
from services.registration.domain.city import City
from services.registration.domain.city_change import Author
from services.registration.domain.geography import Point
from services.registration.domain.party import Party
from services.registration.domain.places import Around, LookedUp, Proposal
from services.registration.domain.programmes import ProgrammeRequest
from shared.ports import Publisher


@dataclass(frozen=True, slots=True)
class ImportMark:
    """What a row of an import left on its party: the row's key and a digest of what it said."""

    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """A party that an earlier import made, with the mark that it left."""

    party: Party
    mark: ImportMark


class NewParties(Protocol):
    """Takes new parties; all that a registration needs."""

    def add(self, party: Party, mark: ImportMark | None = None) -> None:
        """Enter a new party, with its first history row."""
        ...

    def wanting_visits(self, city: City) -> int:
        """How many parties have their place in the plan; asked by one transaction at a time."""
        ...


class PartyBook(NewParties, Protocol):
    """Keeps parties and the history of their changes."""

    def hold(self, party_id: str) -> Party | None:
        """The party, kept from other changes until this transaction ends."""
        ...

    def replace(self, before: Party, after: Party, mark: ImportMark | None = None) -> None:
        """Put the party's newer state in place of `before`, with a history row of both."""
        ...

    def hold_next_waiting(self, city: City) -> Party | None:
        """The party that has waited longest for its place, kept from other changes."""
        ...

    def in_city(self, city: str) -> list[Party]:
        """All parties of the city, oldest first."""
        ...

    def imported(self, city: str, keys: Sequence[str]) -> dict[str, Imported]:
        """The parties that rows with these keys made, by key, kept from other changes."""
        ...


class CityBook(Protocol):
    """Keeps the cities' settings."""

    def find(self, slug: str) -> tuple[City, int] | None:
        """The city and its revision."""
        ...

    def keep(self, city: City, source: str, revision: int, now: datetime, author: Author) -> None:
        """Store the settings and the file's text as they now are, and in their history."""
        ...

    def last_author(self, slug: str) -> Author | None:
        """Who changed the settings last."""
        ...


class RequestBook(Protocol):
    """Keeps requests for programmes and the history of their changes."""

    def add(self, request: ProgrammeRequest, key: str | None) -> None:
        """Enter a new request, unless one with this key is there already."""
        ...

    def replace(self, before: ProgrammeRequest, after: ProgrammeRequest) -> None:
        """Put the newer state in place of `before`, with a history row of both."""
        ...

    def before(self, request_id: str) -> ProgrammeRequest | None:
        """The request as it was before its last change."""
        ...


class LinkMaker(Protocol):
    """Makes the private links of hosts."""

    def written_url(self, party: Party) -> str:
        """The same address as it is written to the host: opening it confirms the contact."""
        ...

    def status_url(self, city: str, party_id: str, version: int = 0) -> str:
        """The whole address of the party's private page; `version` is that of its links."""
        ...


class Geocoder(Protocol):
    """Finds the places that an address may mean."""

    def propose(self, text: str, city: City) -> list[Proposal]:
        """The places, the best first; none where nothing fits or nobody answers."""
        ...


class AddressBook(Protocol):
    """The addresses that a city itself knows; asked within a transaction, nobody elsewhere."""

    def look_up(self, texts: Sequence[str], city: City) -> list[LookedUp]:
        """What each address may mean."""
        ...

    def knows(self, city: City) -> bool:
        """Whether the city has any addresses at all."""
        ...


class Outlines(Protocol):
    """Knows in which parts of a city a place lies."""

    def around(self, city: str, place: Point) -> Around:
        """The parts; empty where the city has loaded no outlines or the place is in none."""
        ...


class NoOutlines:
    """For cities without outlines."""

    def around(self, city: str, place: Point) -> Around:  # noqa: ARG002  (it knows none)
        """No part."""
        return Around()


class NoAddresses:
    """Where nothing is looked up."""

    def look_up(self, texts: Sequence[str], city: City) -> list[LookedUp]:  # noqa: ARG002  (it knows none)
        """Nothing."""
        return [LookedUp() for _ in texts]

    def knows(self, city: City) -> bool:  # noqa: ARG002  (it knows none)
        """It knows none."""
        return False


NO_OUTLINES = NoOutlines()
NO_ADDRESSES = NoAddresses()
Book_co = TypeVar("Book_co", bound=NewParties, covariant=True)


@dataclass(frozen=True, slots=True)
class Means(Generic[Book_co]):
    """All that a handler works with, for one transaction; `now` is aware UTC."""

    parties: Book_co
    publisher: Publisher
    contacts: ContactReader
    links: LinkMaker
    now: datetime
    outlines: Outlines = NO_OUTLINES
    addresses: AddressBook = NO_ADDRESSES
