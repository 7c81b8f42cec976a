"""Stand-ins for the ports, held to the same behaviour suites as the real things."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.registration.adapters.contacts import Contacts
from services.registration.domain.city import City
from services.registration.domain.party import Party
from services.registration.domain.sheet_merge import Version
from services.registration.ports import Imported, ImportMark, Means, PartyBook
from shared.contracts.envelope import Envelope
from tests.registration.builders import NOW


class MemoryPartyBook:
    """A `PartyBook` in a dictionary."""

    def __init__(self) -> None:
        self._parties: dict[str, Party] = {}
        self._marks: dict[str, ImportMark] = {}
        self.history: list[tuple[str, int, bool]] = []
        self.versions: dict[str, list[Version]] = {}

    def add(self, party: Party, mark: ImportMark | None = None) -> None:
        self._parties[party.id] = party
        self._keep(party, mark, first=True)

    def hold(self, party_id: str) -> Party | None:
        return self._parties.get(party_id)

    def replace(self, before: Party, after: Party, mark: ImportMark | None = None) -> None:
        if self._parties[before.id].revision == after.revision - 1:
            self._parties[after.id] = after
            self._keep(after, mark, first=False)

    def wanting_visits(self, city: City) -> int:
        return sum(p.wants_visit and not p.waiting for p in self._of_this_year(city))

    def hold_next_waiting(self, city: City) -> Party | None:
        return next((p for p in self._of_this_year(city) if p.wants_visit and p.waiting), None)

    def _of_this_year(self, city: City) -> list[Party]:
        found = self.in_city(city.slug)
        return [p for p in found if not city.is_of_an_earlier_year(p.details.span)]

    def in_city(self, city: str) -> list[Party]:
        return sorted((p for p in self._parties.values() if p.city == city), key=lambda p: p.id)

    def imported(self, city: str, keys: Sequence[str]) -> dict[str, Imported]:
        return {
            mark.key: Imported(self._parties[party_id], mark)
            for party_id, mark in self._marks.items()
            if mark.key in keys and self._parties[party_id].city == city
        }

    def _keep(self, party: Party, mark: ImportMark | None, *, first: bool) -> None:
        self.history.append((party.id, party.revision, first))
        version = Version(party.revision, party.changed_by, party.details)
        self.versions.setdefault(party.id, []).append(version)
        if mark:
            self._marks[party.id] = mark


@dataclass
class Listener:
    """A `Publisher` that remembers what was said."""

    said: list[tuple[object, int]] = field(default_factory=list)

    def publish(
        self,
        fact: object,
        *,
        city: str,
        subject: str,
        revision: int,
        cause: Envelope | None = None,
        correlation: str | None = None,
    ) -> None:
        self.said.append((fact, revision))


class PlainLinks:
    """A `LinkMaker` whose links need no key."""

    def written_url(self, party: Party) -> str:
        return self.status_url(party.city, party.id, party.link_version)

    def status_url(self, city: str, party_id: str, version: int = 0) -> str:
        suffix = f".{version}" if version else ""
        return f"http://porchlight.test/{city}/party/{party_id}{suffix}"


def means(
    book: PartyBook | None = None, listener: Listener | None = None, now: datetime = NOW
) -> Means[PartyBook]:
    """All that a handler needs, in memory."""
    return Means(book or MemoryPartyBook(), listener or Listener(), Contacts(), PlainLinks(), now)
