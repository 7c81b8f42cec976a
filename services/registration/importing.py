"""Carries imports from the file to the party book, in batches that survive a killed process.

The worker calls `go_on` once a second, the command line until its import is through; one process
in the whole installation works at a time. Each batch is one transaction with the import's cursor.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from time import monotonic

import psycopg
from psycopg.errors import UniqueViolation

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.outlines import OutlineMemory
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_history import sign
from services.registration.adapters.postgres_imports import Done, Outcome, PostgresImports
from services.registration.adapters.postgres_parties import NewlyImported, PostgresPartyBook
from services.registration.adapters.spreadsheets import open_source
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.imports import Import
from services.registration.domain.sheet import Line, SheetWrong, row_of
from services.registration.domain.sheet_merge import Change, Version
from services.registration.domain.sheet_party import SheetParty, key_of, party_in
from services.registration.handlers.imports import (
    Verdict,
    amend_by_row,
    judge_row,
    needs_history,
    register_row,
    take_back,
)
from services.registration.ports import Imported, LinkMaker, Means, NewParties
from shared.clock import Clock
from shared.db import Pool
from shared.logs import log
from shared.work import Work, begin

BATCH = 250
LOAD = 2000
TICK_SECONDS = 20.0
_LOCK = 7210
_TRIES = 5
Found = dict[str, Imported]
Say = Callable[[Import], None]


class Importer:
    """Works on whatever imports have something to do."""

    def __init__(self, pool: Pool, clock: Clock, links: LinkMaker) -> None:
        self._pool = pool
        self._clock = clock
        self._links = links
        self._contacts = Contacts()
        self._outlines = OutlineMemory(pool)
        self._cities = CityMemory(pool)
        self._clashes = 0

    def go_on(self, seconds: float = TICK_SECONDS) -> None:
        """Work for a while, unless another process does."""
        until = monotonic() + seconds
        with self._alone(wait=False) as alone:
            while alone and monotonic() < until:
                found = self._look(None)
                if found is None:
                    return
                self._step(found)

    def finish(self, import_id: str, say: Say) -> Import:
        """Work on one import until it is through with its present work; for the command line."""
        with self._alone(wait=True):
            while (found := self._look(import_id)) and found.is_working:
                self._step(found)
                say(self._look(import_id) or found)
        if found is None:
            raise SheetWrong("The import is not there any more.")
        return found

    @contextmanager
    def _alone(self, *, wait: bool) -> Iterator[bool]:
        with self._pool.connection() as conn:
            conn.autocommit = True
            if wait:
                conn.execute("select pg_advisory_lock(%s)", (_LOCK,))
            row = conn.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
            alone = bool(row and row[0])
            try:
                yield alone
            finally:
                conn.execute("select pg_advisory_unlock_all()")
                conn.autocommit = False

    def _look(self, import_id: str | None) -> Import | None:
        with self._pool.connection() as conn:
            imports = PostgresImports(conn)
            return imports.find(import_id) if import_id else imports.next_at_work()

    def _step(self, found: Import) -> None:
        self._outlines.refresh()
        try:
            city = self._cities.find(found.city)
            if city is None:
                raise SheetWrong("The city is not there any more.")
            if found.state == "reading":
                self._read(found)
            else:
                self._batch(found, city)
            self._clashes = 0
        except SheetWrong as wrong:
            self._fail(found, str(wrong))
        except UniqueViolation as clash:  # A party's short code, which is random, was taken.
            self._clashes += 1
            if self._clashes > _TRIES:
                self._fail(found, "Some rows clash with others that are brought in meanwhile.")
                log().error("an import failed", import_id=found.id, exc_info=clash)
        except (psycopg.DataError, psycopg.IntegrityError) as fault:
            log().error("an import failed", import_id=found.id, exc_info=fault)
            self._fail(found, "The database refused a row; please tell whoever runs the server.")

    def _fail(self, found: Import, why: str) -> None:
        with begin(self._pool, self._clock) as work:
            PostgresImports(work.conn).move(found.id, "failed", work.now, why)

    def _read(self, found: Import) -> None:
        """Load the whole file; what an ended process has loaded already is passed over."""
        with self._pool.connection() as conn:
            source = open_source(PostgresImports(conn).file(found.id), found.sheet)
        lines = (line for line in source.lines() if line.number > found.header_line)
        left = islice(lines, found.total, None)
        loaded = found.total
        while chunk := [(line, _key(line, found)) for line in islice(left, LOAD)]:
            with begin(self._pool, self._clock) as work:
                imports = PostgresImports(work.conn)
                now = imports.find(found.id, hold=True)
                if now is None or now.state != "reading" or now.total != loaded:
                    return
                imports.load(found.id, chunk)
            loaded += len(chunk)
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            now = imports.find(found.id, hold=True)
            if now and now.state == "reading":
                imports.move(found.id, "checking", work.now)

    def _batch(self, found: Import, city: City) -> None:
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            now = imports.find(found.id, hold=True)
            if now is None or now.state != found.state:
                return
            if now.state == "undoing":
                _Undo(now, self._means(work), imports, work).run()
            else:
                _Batch(now, city, self._means(work), imports, work).run()

    def _means(self, work: Work) -> Means[PostgresPartyBook]:
        book = PostgresPartyBook(work.conn)
        return Means(book, work, self._contacts, self._links, work.now, self._outlines)


class _Batch:
    """Some rows, judged and, where the import is that far, brought in."""

    def __init__(
        self,
        found: Import,
        city: City,
        means: Means[PostgresPartyBook],
        imports: PostgresImports,
        work: Work,
    ) -> None:
        self.found = found
        self.city = city
        self.means = means
        self.imports = imports
        self.work = work
        self.real = found.state == "importing"
        self.counts = dict(found.results if self.real else found.counts)
        self.taken: dict[str, int] = {}
        self.new = NewlyImported()
        self.entering: Means[NewParties] = Means(
            self.new, work, means.contacts, means.links, means.now, means.outlines
        )
        self.columns = frozenset(name for name in found.mapping if name)

    def run(self) -> None:
        lines = self.imports.lines(self.found.id, self.found.last_line, BATCH, self.found.state)
        if not lines:
            self._end()
            return
        parties, outcomes = self._understood(lines)
        known, versions = self._known(list(parties.values()))
        for number, party in parties.items():
            outcomes[number] = self._judged(party, known, versions)
        settled = [
            self._settled(n, outcomes[n], parties.get(n), known)
            for n in (line.number for line in lines)
        ]
        self.new.write(self.work.conn, self.found.made_by, f"List {self.found.name}")
        for outcome in settled:
            self.counts[outcome.outcome] = self.counts.get(outcome.outcome, 0) + 1
        column = "results" if self.real else "counts"
        self.imports.settle(self.found.id, settled, self.counts, column)

    def _understood(
        self, lines: Sequence[Line]
    ) -> tuple[dict[int, SheetParty], dict[int, Verdict | Rejected]]:
        firsts = self.imports.first_lines(self.found.id, [_key(line, self.found) for line in lines])
        parties: dict[int, SheetParty] = {}
        refused: dict[int, Verdict | Rejected] = {}
        for line in lines:
            row = row_of(line, self.found.mapping)
            try:
                party = party_in(row, self.city, self.columns)
                first = firsts.get(party.key, line.number)
                if first < line.number:
                    raise Rejected(Complaint("reference", f"The row repeats line {first}."))
            except Rejected as rejected:
                refused[line.number] = rejected
            else:
                parties[line.number] = party
        return parties, refused

    def _known(self, parties: Sequence[SheetParty]) -> tuple[Found, dict[str, list[Version]]]:
        book, contacts = self.means.parties, self.means.contacts
        known = book.imported_or_named(self.city.slug, [party.key for party in parties])
        asked = [
            known[party.key].party.id
            for party in parties
            if party.key in known and needs_history(party, known[party.key], self.city, contacts)
        ]
        return known, book.versions(asked) if asked else {}

    def _judged(
        self, party: SheetParty, known: Found, versions: dict[str, list[Version]]
    ) -> Verdict | Rejected:
        there = known.get(party.key)
        if there and self.taken.setdefault(there.party.id, party.line) != party.line:
            first = self.taken[there.party.id]
            return Rejected(Complaint("reference", f"The row repeats line {first}."))
        history = versions.get(there.party.id, []) if there else []
        try:
            verdict = judge_row(party, self.city, there, history, self.means.contacts)
        except Rejected as rejected:
            return rejected
        if not self.real:
            self._count_fit(party)
        return verdict

    def _count_fit(self, party: SheetParty) -> None:
        matters = {
            "clipped": party.fit == "clipped",
            "missed": party.fit == "missed",
            "no_contact": not (party.asked.phone or party.asked.email),
            "no_place": party.asked.lat is None,
        }
        for name, true in matters.items():
            if true:
                self.counts[name] = self.counts.get(name, 0) + 1

    def _settled(
        self, line: int, judged: Verdict | Rejected, party: SheetParty | None, known: Found
    ) -> Outcome:
        """Bring the row in, where the import is that far, and say what became of it."""
        if isinstance(judged, Rejected) or party is None:
            reasons = [(c.field, c.said()) for c in getattr(judged, "complaints", ())]
            return Outcome(line, "refused", {"reasons": reasons})
        there = known.get(party.key)
        said = _said(judged)
        if not self.real or judged.outcome in ("unchanged", "kept"):
            return Outcome(line, judged.outcome, said, there.party.id if there else None)
        if there is None:
            made = register_row(party, self.city, self.entering)
            return Outcome(line, "new", said, made.id, made.revision)
        before = there.party
        after = amend_by_row(party, judged, before, self.city, self.means)
        sign(self.work.conn, after, self.found.made_by, f"List {self.found.name}")
        return Outcome(line, "changed", said, after.id, after.revision, before.revision)

    def _end(self) -> None:
        """No row is left: show what would be done, or say that it was done."""
        if self.real:
            refused = self.found.counts.get("refused", 0)
            self.counts["refused"] = self.counts.get("refused", 0) + refused
            self.imports.move(self.found.id, "done", self.work.now)
            self.imports.reached(self.found.id, 0, self.found.total, self.counts, "results")
        else:
            self.imports.move(self.found.id, "checked", self.work.now)


class _Undo:
    """Takes some rows back, those whose party nobody touched since."""

    def __init__(
        self,
        found: Import,
        means: Means[PostgresPartyBook],
        imports: PostgresImports,
        work: Work,
    ) -> None:
        self.work = work
        self.found = found
        self.means = means
        self.imports = imports
        self.counts = dict(found.results)

    def run(self) -> None:
        rows = self.imports.brought_in(self.found.id, self.found.last_line, BATCH)
        if not rows:
            self.imports.move(self.found.id, "undone", self.means.now)
            return
        for row in rows:
            word = "taken_back" if self._take_back(row) else "left"
            self.counts[word] = self.counts.get(word, 0) + 1
        self.imports.reached(self.found.id, rows[-1].line, len(rows), self.counts, "results")

    def _take_back(self, row: Done) -> bool:
        party = self.means.parties.hold(row.party_id)
        if party is None or party.revision != row.revision:
            return False
        earlier = None
        if row.before_revision is not None:
            earlier = self.means.parties.at(row.party_id, row.before_revision)
            if earlier is None:
                return False
        after = take_back(party, earlier, self.means)
        sign(self.work.conn, after, self.found.made_by, f"List {self.found.name} taken back")
        return True


def _said(verdict: Verdict) -> dict[str, object]:
    matters = {"changes": verdict.changes, "kept": verdict.kept}
    return {name: [_triple(change) for change in found] for name, found in matters.items() if found}


def _triple(change: Change) -> tuple[str, str, str]:
    return change.field, change.ours, change.theirs


def _key(line: Line, found: Import) -> str:
    return key_of(row_of(line, found.mapping))
