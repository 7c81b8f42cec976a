"""Imports a whole spreadsheet: rows in small transactions, counted. `import` uses it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.outlines import OutlineMemory
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.domain.checks import understand
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.sheet import Row
from services.registration.domain.sheet_party import SheetParty, party_in
from services.registration.handlers.imports import import_party
from services.registration.ports import Imported, Means, PartyBook
from shared.clock import Clock
from shared.db import Pool
from shared.work import Work, begin

CHUNK = 50
_IMPORT_LOCK = 7200
Say = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0
    clipped: int = 0
    missed: int = 0
    no_contact: int = 0

    def sentence(self) -> str:
        """All counts, in one line."""
        return (
            f"{self.read} read, {self.new} new, {self.changed} changed,"
            f" {self.unchanged} unchanged, {self.refused} refused"
        )


class Importer:
    """Imports into one city; `complain` hears each bad row, `progress` how far it is."""

    def __init__(
        self,
        city: City,
        pool: Pool,
        *,
        clock: Clock,
        links: Links,
        complain: Say,
        progress: Say,
    ) -> None:
        self._city = city
        self._pool = pool
        self._clock = clock
        self._links = links
        self._contacts = Contacts()
        self._outlines = OutlineMemory(pool)
        self._complain = complain
        self._progress = progress
        self.tally = Tally()

    def run(self, rows: Sequence[Row], *, strict: bool = False) -> Tally:
        """Import the good rows; none at all if `strict` and any is bad."""
        self.tally.read = len(rows)
        good = self._understood(rows)
        if strict and self.tally.refused:
            return self.tally
        done = 0
        self._outlines.refresh()
        for chunk in _chunks(good):
            with begin(self._pool, self._clock) as work:
                counts = self._import(chunk, work)
            for outcome in counts:
                setattr(self.tally, outcome, getattr(self.tally, outcome) + 1)
            done += len(chunk)
            self._progress(f"{done} of {len(good)}")
        return self.tally

    def _understood(self, rows: Sequence[Row]) -> list[SheetParty]:
        good: dict[str, SheetParty] = {}
        for row in rows:
            try:
                party = self._read(row, good)
            except Rejected as rejected:
                self._refuse(row, rejected)
            else:
                good[party.key] = party
                self.tally.clipped += party.fit == "clipped"
                self.tally.missed += party.fit == "missed"
                self.tally.no_contact += not (party.asked.phone or party.asked.email)
        return list(good.values())

    def _read(self, row: Row, earlier: dict[str, SheetParty]) -> SheetParty:
        party = party_in(row, self._city)
        understand(party.asked, self._city, self._contacts, imported=True)
        if party.key in earlier:
            first = earlier[party.key].line
            raise Rejected(Complaint("reference", f"The row repeats line {first}."))
        return party

    def _refuse(self, row: Row, rejected: Rejected) -> None:
        self.tally.refused += 1
        reasons = "; ".join(f"{c.field}: {c.said()}" for c in rejected.complaints)
        self._complain(f"line {row.line}: {reasons}")

    def _import(self, chunk: Sequence[SheetParty], work: Work) -> list[str]:
        """One chunk in one transaction; two imports at once take turns."""
        work.conn.execute("select pg_advisory_xact_lock(%s)", (_IMPORT_LOCK,))
        book = PostgresPartyBook(work.conn)
        known = book.imported(self._city.slug, [row.key for row in chunk])
        means = Means(book, work, self._contacts, self._links, work.now, self._outlines)
        return [self._row(row, known.get(row.key), means) for row in chunk]

    def _row(self, row: SheetParty, known: Imported | None, means: Means[PartyBook]) -> str:
        outcome = import_party(row, self._city, known, means)
        if outcome == "kept":
            self._complain(f"line {row.line}: kept as its host has changed it since")
        return outcome


def _chunks(rows: Sequence[SheetParty]) -> Iterator[list[SheetParty]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
