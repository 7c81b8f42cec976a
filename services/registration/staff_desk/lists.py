"""A planner's list and one party's file: read, changed, undone, noted. Staff pages use it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.postgres_doubles import (
    Merge,
    all_seen,
    merges_of,
    not_doubles,
    those,
)
from services.registration.adapters.postgres_heard import Message, Visit, messages_of, visit_of
from services.registration.adapters.postgres_history import (
    Note,
    add_note,
    changes_of,
    notes_of,
    sign,
    state_at,
)
from services.registration.adapters.postgres_lists import (
    Row,
    Scope,
    beats_of,
    count_of,
    ids_of,
    page_of,
)
from services.registration.adapters.postgres_marks import Marks, marks_of
from services.registration.adapters.postgres_numbers import Numbers
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.desk import NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.doubles import Pair, pairs_among
from services.registration.domain.history import Change, FieldChange, differences
from services.registration.domain.listing import Listing
from services.registration.domain.party import Party, Registration
from services.registration.domain.proof import Number
from services.registration.handlers.parties import Asker, register_party
from services.registration.handlers.staff import undo_change
from services.registration.ports import NO_OUTLINES, Means, Outlines, PartyBook
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.work import Work, begin

LONGEST_NOTE = 2000
Decision = Callable[[Party, City, Asker, Means[PartyBook]], Party]


class ChangedMeanwhile(Exception):
    """Somebody changed the party after the page was opened."""

    def __init__(self, party: Party, changed: tuple[FieldChange, ...]) -> None:
        super().__init__("The party was changed meanwhile.")
        self.party = party
        self.changed = changed


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, with how many fit and how many there are."""

    rows: list[Row]
    fitting: int
    registered: int
    withdrawn: int
    beats: list[str]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a party's history: a change, or a note that was taken back."""

    at: datetime
    change: Change | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class File:
    """All that is known of one party; `others` holds the parties that it was merged with."""

    party: Party
    changes: list[Change]
    written: list[Note]
    visit: Visit | None
    messages: list[Message]
    merges: list[Merge]
    others: dict[str, Party]
    number: Number | None = None

    @property
    def notes(self) -> list[Note]:
        """The notes that stand."""
        return [note for note in self.written if not note.taken_back_at]

    @property
    def story(self) -> list[Event]:
        """What happened to the party, newest first: its changes, and notes taken back."""
        changes = [Event(change.at, change=change) for change in self.changes]
        notes = [Event(n.taken_back_at, note=n) for n in self.written if n.taken_back_at]
        return sorted(changes + notes, key=lambda event: event.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who of the staff acts, from where, and why if a reason is given."""

    person: str
    origin: str = ""
    why: str = ""

    @property
    def asker(self) -> Asker:
        """As the handlers know him; with a reason he may what hosts may not."""
        return Asker("staff", self.origin, lenient=bool(self.why))


class StaffDesk:
    """Holds what every request of staff needs; one for each process."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        contacts: Contacts,
        links: Links,
        outlines: Outlines = NO_OUTLINES,
        *,
        numbers: Numbers,
    ) -> None:
        self.pool = pool
        self._numbers = numbers
        self._outlines = outlines
        self.clock = clock
        self._contacts = contacts
        self._links = links

    def means(self, work: Work) -> Means[PartyBook]:
        """What handlers work with in this transaction."""
        book: PartyBook = PostgresPartyBook(work.conn)
        return Means(book, work, self._contacts, self._links, work.now, self._outlines)

    def page(self, city: City, listing: Listing) -> Found:
        """The page of the list that is asked for."""
        with self.pool.connection() as conn:
            scope = self.scope(conn, city, listing)
            return Found(
                page_of(conn, listing, scope),
                count_of(conn, listing, scope),
                count_of(conn, Listing(state="registered"), scope),
                count_of(conn, Listing(state="withdrawn"), scope),
                beats_of(conn, city.slug),
            )

    def marks(self, city: City, listing: Listing) -> Marks:
        """All parties that fit, for the map."""
        with self.pool.connection() as conn:
            return marks_of(conn, listing, self.scope(conn, city, listing))

    def fitting(self, city: City, listing: Listing) -> list[str]:
        """The ids of all parties that fit."""
        with self.pool.connection() as conn:
            return ids_of(conn, listing, self.scope(conn, city, listing))

    def scope(self, conn: Connection, city: City, listing: Listing) -> Scope:
        """What the listing's filters need; doubles are looked for only if they are asked for."""
        doubles: set[str] = set()
        if listing.doubles:
            for pair in pairs_of(conn, city):
                doubles |= {pair.one, pair.other} if pair.weight else set()
        return Scope(city.slug, city.entry.deadline, sorted(doubles))

    def file(self, city: City, party_id: str) -> File:
        """The party's file; raises `NotFound`."""
        with self.pool.connection() as conn:
            party = _of_city(PostgresPartyBook(conn).find(party_id), city)
            merges = merges_of(conn, city.slug, party_id)
            ids = {m.kept_id for m in merges} | {m.merged_id for m in merges}
            return File(
                party,
                changes_of(conn, party_id),
                notes_of(conn, party_id),
                visit_of(conn, city.slug, party_id),
                messages_of(conn, city.slug, party_id),
                merges,
                those(conn, ids - {party_id}),
                self._numbers.number_of(conn, party),
            )

    def revealed(self, city: City, party_id: str, how: str) -> Party:
        """The party with its contacts for somebody's eyes, which is noted."""
        with self.pool.connection() as conn:
            party = _of_city(PostgresPartyBook(conn).find(party_id), city)
            record(conn, "contact revealed", f"{party.code}, {how}", city=city.slug)
            return party

    def register(
        self, asked: Registration, city: City, signature: Signature, note: str = ""
    ) -> Party:
        """Take a party in on its host's behalf; raises `Rejected`."""
        with begin(self.pool, self.clock) as work:
            party = register_party(asked, city, signature.asker, self.means(work))
            sign(work.conn, party, signature.person, signature.why)
            if note.strip():
                add_note(work.conn, party, work.now, signature.person, _readable(note))
            return party

    def change(
        self, city: City, party_id: str, decision: Decision, seen: int, signature: Signature
    ) -> Party:
        """Run the decision; raises `Rejected`, `ChangedMeanwhile`, `NotFound`."""
        with begin(self.pool, self.clock) as work:
            means = self.means(work)
            party = _of_city(means.parties.hold(party_id), city)
            if party.revision != seen:
                earlier = state_at(work.conn, party_id, seen) or party
                raise ChangedMeanwhile(party, differences(earlier, party))
            after = decision(party, city, signature.asker, means)
            if after.revision != party.revision:
                sign(work.conn, after, signature.person, signature.why)
            return after

    def undo(self, city: City, party_id: str, revision: int, signature: Signature) -> Party:
        """Put back what that change changed; raises `Rejected` where a later one touched it."""
        with begin(self.pool, self.clock) as work:
            means = self.means(work)
            party = _of_city(means.parties.hold(party_id), city)
            return undo_revision(work.conn, party, revision, city, signature, means)

    def note(self, city: City, party_id: str, text: str, person: str) -> None:
        """Keep a note; raises `Rejected` for an empty one."""
        with begin(self.pool, self.clock) as work:
            party = _of_city(PostgresPartyBook(work.conn).find(party_id), city)
            add_note(work.conn, party, work.now, person, _readable(text))


def undo_revision(
    conn: Connection,
    party: Party,
    revision: int,
    city: City,
    signature: Signature,
    means: Means[PartyBook],
) -> Party:
    """Undo one change of a party that is held, and sign it; raises `Rejected`."""
    since = changes_of(conn, party.id, revision - 1)
    if not since or since[-1].revision != revision:
        raise Rejected(Complaint("form", "There is no such change."))
    *later, undone = since
    after = undo_change(party, undone, later, city, signature.asker, means)
    if after.revision != party.revision:
        sign(conn, after, signature.person, signature.why or f"Undid change {revision}")
    return after


def pairs_of(conn: Connection, city: City) -> list[Pair]:
    """The pairs that may be doubles, those left out that somebody found to be none."""
    apart = not_doubles(conn, city.slug)
    found = pairs_among(all_seen(conn, city.slug, city.zone))
    return [pair for pair in found if (pair.one, pair.other) not in apart]


def _of_city(party: Party | None, city: City) -> Party:
    if party is None or party.city != city.slug:
        raise NotFound("There is no such party here.")
    return party


def _readable(text: str) -> str:
    clean = "".join(c for c in text if c.isprintable() or c in "\n\t").strip()
    if not clean:
        raise Rejected(Complaint("note", "Please write something."))
    if len(clean) > LONGEST_NOTE:
        raise Rejected(
            Complaint("note", "Please use at most {most} characters.", {"most": LONGEST_NOTE})
        )
    return clean
