"""One decision about many parties: tried out, done, undone, each row with what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.registration.adapters.postgres_bulk import (
    Bulk,
    BulkRow,
    bulk_of,
    keep_bulk,
    mark_undone,
    newest_bulks,
    take_notes_back,
)
from services.registration.adapters.postgres_doubles import those
from services.registration.adapters.postgres_history import add_note, sign
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.desk import NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Party
from services.registration.handlers.staff import STEPS
from services.registration.ports import ImportMark, Means, PartyBook
from services.registration.staff_desk.lists import (
    LONGEST_NOTE,
    Signature,
    StaffDesk,
    undo_revision,
)
from shared.ids import new_id
from shared.work import Work, begin

NOTE, UNDO = "note", "undo"
KINDS = (*STEPS, NOTE)
UNDO_FOR = timedelta(days=1)
MOST = 5000


class _Pretended(PostgresPartyBook):
    """A book in which nothing is written: what a preview works on."""

    def replace(self, before: Party, after: Party, mark: ImportMark | None = None) -> None:
        """Leave it as it is."""


class _Silence:
    """Says nothing to anybody: what a preview speaks through."""

    def publish(self, *_: object, **__: object) -> None:
        """Leave it unsaid."""


class BulkDesk:
    """Runs bulk changes for the staff's pages."""

    def __init__(self, desk: StaffDesk) -> None:
        self._desk = desk

    def preview(
        self, city: City, kind: str, value: str, ids: Sequence[str], signature: Signature
    ) -> Bulk:
        """What the change would do to each row; writes nothing. Raises `Rejected`."""
        check(kind, value, city, ids)
        with self._desk.pool.connection() as conn:
            now = self._desk.clock.now()
            real = self._desk.means(Work(conn, now))
            means = replace(real, parties=_Pretended(conn), publisher=_Silence())
            known = those(conn, ids)
            here = [known[i] for i in ids if i in known and known[i].city == city.slug]
            rows = [_tried(party, kind, value, city, signature, means)[0] for party in here]
        return Bulk("", city.slug, kind, value, now, signature.person, None, tuple(rows))

    def run(
        self, city: City, kind: str, value: str, ids: Sequence[str], signature: Signature
    ) -> str:
        """Do it, in one transaction; returns the bulk change's id. Raises `Rejected`."""
        check(kind, value, city, ids)
        bulk_id = new_id()
        with begin(self._desk.pool, self._desk.clock) as work:
            means = self._desk.means(work)
            rows = {}
            for party_id in sorted(set(ids)):  # in one order, so that two never wait in a ring
                party = means.parties.hold(party_id)
                if party is not None and party.city == city.slug:
                    rows[party_id] = _done(
                        work, party, kind, value, city, signature, means, bulk_id
                    )
            ordered = tuple(rows[i] for i in dict.fromkeys(ids) if i in rows)
            keep_bulk(work.conn, _bulk(bulk_id, city, kind, value, work.now, signature, ordered))
        return bulk_id

    def undo(self, city: City, bulk_id: str, signature: Signature) -> str:
        """Undo what was done, row by row; returns the id of the undoing. Raises `Rejected`."""
        undo_id = new_id()
        with begin(self._desk.pool, self._desk.clock) as work:
            bulk = bulk_of(work.conn, city.slug, bulk_id)
            if bulk is None:
                raise NotFound("There is no such change here.")
            if bulk.undone_at or work.now - bulk.at > UNDO_FOR:
                text = "A change of many parties can be undone once, within a day."
                raise Rejected(Complaint("form", text))
            means = self._desk.means(work)
            noted = set(take_notes_back(work.conn, bulk_id, work.now, signature.person))
            done = sorted((r for r in bulk.rows if r.outcome == "done"), key=lambda r: r.party_id)
            rows = tuple(
                BulkRow(row.party_id, "done")
                if row.party_id in noted
                else _undone(work, row, city, signature, means)
                for row in done
            )
            mark_undone(work.conn, bulk_id, work.now)
            keep_bulk(work.conn, _bulk(undo_id, city, UNDO, bulk_id, work.now, signature, rows))
        return undo_id

    def result(self, city: City, bulk_id: str) -> Bulk:
        """The bulk change with its rows; raises `NotFound`."""
        with self._desk.pool.connection() as conn:
            bulk = bulk_of(conn, city.slug, bulk_id)
        if bulk is None:
            raise NotFound("There is no such change here.")
        return bulk

    def newest(self, city: City) -> list[Bulk]:
        """The city's last ones."""
        with self._desk.pool.connection() as conn:
            return newest_bulks(conn, city.slug)


def check(kind: str, value: str, city: City, ids: Sequence[str]) -> None:
    """Raise `Rejected` for a change that no row could take."""
    why = ""
    if kind not in KINDS:
        why = "Please choose what to do."
    elif not ids:
        why = "Please choose at least one party."
    elif len(ids) > MOST:
        why = f"Please choose at most {MOST:,} parties at once."
    elif kind == NOTE and not value.strip():
        why = "Please write the note."
    elif kind == NOTE and len(value) > LONGEST_NOTE:
        why = f"Please use at most {LONGEST_NOTE:,} characters."
    elif kind == "area" and value not in city.area_codes():
        why = "Please choose one of the city's areas."
    elif kind == "closure" and value not in ("granted", "refused"):
        why = "Please choose granted or refused."
    if why:
        raise Rejected(Complaint("form", why))


def _tried(
    party: Party,
    kind: str,
    value: str,
    city: City,
    signature: Signature,
    means: Means[PartyBook],
) -> tuple[BulkRow, Party]:
    """The row's outcome, and the party as it then is."""
    named = BulkRow(party.id, "done", "", party.revision, party.code, party.details.name)
    if kind == NOTE:
        return named, party
    try:
        after = STEPS[kind](party, value, city, signature.asker, means)
    except Rejected as rejected:
        why = rejected.complaints[0].said()
        return replace(named, outcome="refused", words=why, revision=0), party
    if after.revision == party.revision:
        return replace(named, outcome="unchanged", revision=0), party
    return replace(named, revision=after.revision), after


def _done(
    work: Work,
    party: Party,
    kind: str,
    value: str,
    city: City,
    signature: Signature,
    means: Means[PartyBook],
    bulk_id: str,
) -> BulkRow:
    row, after = _tried(party, kind, value, city, signature, means)
    if kind == NOTE:
        add_note(work.conn, party, work.now, signature.person, value.strip(), bulk_id)
    elif row.outcome == "done":
        sign(work.conn, after, signature.person, signature.why or "Changed together with others")
    return row


def _undone(
    work: Work, row: BulkRow, city: City, signature: Signature, means: Means[PartyBook]
) -> BulkRow:
    party = means.parties.hold(row.party_id)
    if party is None:
        return BulkRow(row.party_id, "refused", "it is no longer here")
    try:
        after = undo_revision(work.conn, party, row.revision, city, signature, means)
    except Rejected as rejected:
        return BulkRow(row.party_id, "refused", rejected.complaints[0].said())
    return BulkRow(row.party_id, "done", "", after.revision)


def _bulk(
    bulk_id: str,
    city: City,
    kind: str,
    value: str,
    at: datetime,
    signature: Signature,
    rows: tuple[BulkRow, ...],
) -> Bulk:
    return Bulk(bulk_id, city.slug, kind, value, at, signature.person, None, rows)
